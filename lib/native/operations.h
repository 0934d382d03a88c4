// What addon.cc registers.
#pragma once

namespace starlit {

void registerRecurrent();
void registerTraining();
void registerNormalization();

}  // namespace starlit
