type Name = "native" | "cudnn" | "block" | "reference";

/** The recurrent kernel of the tests that run just now. */
let mockName: Name = "native";

// A process chooses its kernel once; tests of all of them need the choice open. Import this file
// before any other, so that the engine finds the choice replaced.
jest.mock("../lib/src/engine/kernels", () => {
  const folder = "../lib/src/engine/kernels";
  const actual = jest.requireActual<typeof import("../lib/src/engine/kernels")>(folder);
  const kernels = {
    ...jest.requireActual<typeof import("../lib/src/engine/kernels/native")>(`${folder}/native`),
    cudnn: jest.requireActual<typeof import("./cudnn")>("./cudnn").cudnnHere(),
    ...jest.requireActual<typeof import("../lib/src/engine/kernels/block")>(`${folder}/block`),
    ...jest.requireActual<typeof import("../lib/src/engine/kernels/reference")>(
      `${folder}/reference`,
    ),
  };
  return {
    ...actual,
    kernel: () => kernels[mockName],
    recurrentKernel: () => ({ ...actual.recurrentKernel(), name: mockName }),
  };
});

const all: Name[] = ["native", "cudnn", "block", "reference"];

/** `describe` once a kernel; native skipped, under a name that says so, where it is not built. */
export function describeKernels(what: string, tests: () => void, names = all): void {
  const { nativeModule } =
    require("../lib/src/engine/kernels/addon") as typeof import("../lib/src/engine/kernels/addon");
  for (const name of names) {
    const problem = name === "native" ? nativeModule().problem : undefined;
    const title = `${what}, kernel ${name}`;
    const describeIt = problem ? describe.skip : describe;
    describeIt(problem ? `${title} (${problem})` : title, () => {
      beforeAll(() => {
        mockName = name;
      });
      tests();
    });
  }
}
