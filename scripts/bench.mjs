// `npm run bench`: times our library beside PyTorch and Keras on the same work. See bench/README.md.
import { bench } from "../bench/bench.mjs";
import { command, setup } from "./setup.mjs";

await command(async () => {
  await setup();
  await bench(process.argv.slice(2));
});
