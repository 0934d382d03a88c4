import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

const root = path.resolve(__dirname, "..");

/** What a program with the set-up's modules prints; they are found in `folder`. */
function run(program: string, folder = root, environment: Record<string, string> = {}): string {
  const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", program], {
    cwd: folder,
    encoding: "utf8",
    env: { ...process.env, STARLIT_DEVICE: "", ...environment },
  });
  return stdout.trim() || stderr;
}

const json = (program: string, folder?: string) => JSON.parse(run(program, folder)) as unknown;

let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "starlit-"));
});
afterEach(() => fs.rmSync(folder, { recursive: true }));

const write = (file: string, text: string, mode?: number) => {
  fs.mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
  fs.writeFileSync(path.join(folder, file), text, { mode });
};

describe("the wheels", () => {
  const wheels = (gpu: boolean, environment = {}) =>
    JSON.parse(
      run(
        `import { tensorflowInstall } from "./scripts/setup/steps.mjs";
        console.log(JSON.stringify(tensorflowInstall({ gpu: ${gpu} })));`,
        root,
        environment,
      ),
    ) as string[];

  test("are those of one CPython, whatever the machine's: none comes for the newest", () => {
    write("python3", "#!/bin/sh\necho 3.14\n", 0o755);
    const environment = { PYTHON: path.join(folder, "python3") };
    const found = run(
      `import { findPython } from "./scripts/setup/machine.mjs"; console.log(findPython().version);`,
      root,
      environment,
    );
    expect(found).toBe("3.14");
    for (const gpu of [true, false]) {
      expect(wheels(gpu, environment).join(" ")).toContain(
        "--require-hashes --no-deps --python-version 3.12 --only-binary=:all: --requirement",
      );
    }
  });

  test("for a GPU are pinned, and no more than are used", () => {
    const file = wheels(true).at(-1)!.replace(/txt$/, "in");
    const lines = fs.readFileSync(file, "utf8").split("\n");
    const pins = lines
      .filter((line) => line && !line.startsWith("#"))
      .map((line) => line.split("=="));
    expect(pins.map(([name]) => name.replace(/^nvidia-(.*)-cu12$/, "$1"))).toEqual([
      "tensorflow",
      "cublas",
      "cuda-runtime",
      "cudnn",
      "cufft",
      "cusolver",
      "cusparse",
      "nvjitlink",
    ]);
    for (const [, version] of pins) expect(version).toMatch(/^\d+(\.\d+)+$/);
    expect(fs.readFileSync(wheels(false).at(-1)!, "utf8")).toContain(
      `tensorflow-cpu==${pins[0][1]} `,
    );
  });
});

describe("the step that fetches them", () => {
  // A project of its own, whose Python lays what pip would and writes down how it was called.
  beforeEach(() => {
    for (const part of ["scripts/setup", "lib/src/files"]) {
      fs.cpSync(path.join(root, part), path.join(folder, part), { recursive: true });
    }
    write(
      ".venv/bin/python",
      `#!/bin/sh
echo "TMPDIR=$TMPDIR $@" >> calls
while [ "$1" != "--target" ]; do shift; done
mkdir -p "$2/tensorflow/include" "$2/tensorflow/python"
case "$*" in *requirements-gpu*)
  mkdir -p "$2/nvidia/cusparse/lib" "$2/nvidia/cusolver/lib"
  echo solver > "$2/nvidia/cusolver/lib/libcusolver.so.11";;
esac
`,
      0o755,
    );
  });
  const fetchFor = (gpu: boolean) =>
    json(
      `import { tensorflow } from "./scripts/setup/steps.mjs";
      console.log(JSON.stringify((await tensorflow({ gpu: ${gpu} })) ?? "there"));`,
      folder,
    );
  const calls = () => fs.readFileSync(path.join(folder, "calls"), "utf8").trim().split("\n");

  test("has room inside the project, and leaves a library that TensorFlow finds", () => {
    run(
      `import { tensorflow } from "./scripts/setup/steps.mjs"; await tensorflow({ gpu: true });`,
      folder,
    );
    const [call] = calls();
    expect(call).toContain(`TMPDIR=${folder}/.setup/tmp -m pip install`);
    expect(fs.existsSync(path.join(folder, ".setup/tmp"))).toBe(false);
    expect(fs.existsSync(path.join(folder, ".venv/tensorflow/tensorflow/python"))).toBe(false);
    // Also after the project was moved.
    fs.renameSync(path.join(folder, ".venv/tensorflow"), path.join(folder, "moved"));
    const link = path.join(folder, "moved/nvidia/cusparse/lib/libcusolver.so.11");
    expect(fs.readlinkSync(link)).toBe("../../cusolver/lib/libcusolver.so.11");
    expect(fs.readFileSync(link, "utf8")).toBe("solver\n");
  });

  test("fetches the GPU build when it is asked for, and lets it stay", () => {
    for (const gpu of [false, true]) {
      run(
        `import { tensorflow } from "./scripts/setup/steps.mjs"; await tensorflow({ gpu: ${gpu} });`,
        folder,
      );
    }
    expect(calls()).toHaveLength(2);
    expect(fetchFor(true)).toBe("there");
    expect(fetchFor(false)).toBe("there");
    expect(calls()).toHaveLength(2);
  });
});

test("a GPU's libraries need more disk, and set-up says how much before it begins", () => {
  const check = (gpu: boolean) =>
    run(
      `import fs from "node:fs";
      import { checkMachine } from "./scripts/setup/machine.mjs";
      fs.statfsSync = () => ({ bavail: 5e9, bsize: 1 });
      fs.existsSync = () => false;
      try { checkMachine({ gpu: ${gpu} }); console.log("enough"); }
      catch ({ message }) { console.log(message); }`,
    );
  expect(check(false)).toBe("enough");
  expect(check(true)).toBe(
    "The disk has 5.0 GB free and set-up for a GPU needs 10: free some and run this again.",
  );
});

test.each([
  ["", "false"],
  ["cpu", "false"],
  ["gpu", "true"],
  ["GPU", 'STARLIT_DEVICE is "GPU": set it to "cpu" or "gpu", or leave it out for the CPU.'],
])("STARLIT_DEVICE=%s asks for a GPU: %s", (value, answer) => {
  const program = `
    import { wantsGpu } from "./scripts/setup/machine.mjs";
    try { console.log(wantsGpu()); } catch ({ message }) { console.log(message); }`;
  expect(run(program, root, { STARLIT_DEVICE: value })).toBe(answer);
});

// What TensorFlow 2.21's GPU build wrote with CUDA 12.9's wheels.
const opened = (name: string) => `dso_loader.cc:133] Successfully opened dynamic library ${name}\n`;
const failed = (name: string, missing = name) =>
  `dso_loader.cc:144] Could not load dynamic library '${name}'; dlerror: ${missing}: cannot open shared object file: No such file or directory\n`;

test.each<[string, string, RegExp]>([
  [
    "no driver",
    `${failed("libcuda.so.1")}cuda_platform.cc:52] failed call to cuInit: INTERNAL: CUDA error`,
    /^libcuda\.so\.1 of NVIDIA's driver is missing: install the driver/,
  ],
  [
    "half a driver, as in a container",
    opened("libcuda.so.1") + failed("libnvidia-ml.so.1"),
    /^libnvidia-ml\.so\.1 of NVIDIA's driver .*--gpus all/,
  ],
  [
    "a missing library",
    opened("libcufft.so.11") + failed("libcusolver.so.11") + opened("libcudnn.so.9"),
    /^libcusolver\.so\.11 is missing or cannot be loaded: remove the folder \.venv\/tensorflow/,
  ],
  [
    "a library that lacks another",
    opened("libcufft.so.11") + failed("libcusolver.so.11", "libnvJitLink.so.12"),
    /^libnvJitLink\.so\.12 is missing/,
  ],
  [
    "no card in sight",
    `${opened("libcuda.so.1")}failed call to cuInit: CUDA_ERROR_NO_DEVICE: no CUDA-capable device`,
    /^the driver answers CUDA_ERROR_NO_DEVICE: .*CUDA_VISIBLE_DEVICES/,
  ],
  ["nothing", opened("libcuda.so.1"), /^TensorFlow finds no card/],
])("why no GPU is used: %s", (_, said, expected) => {
  const program = `
    import { explainGpu } from "./scripts/setup/gpu.mjs";
    console.log(explainGpu(${JSON.stringify(said)}));`;
  expect(run(program)).toMatch(expected);
});

const hasGpuBuild = fs.existsSync(path.join(root, ".venv/tensorflow/nvidia"));

describe("doctor", () => {
  const doctor = (device: string) =>
    spawnSync(process.execPath, [path.join(root, "scripts/doctor.mjs")], {
      encoding: "utf8",
      env: { ...process.env, STARLIT_DEVICE: device, CUDA_VISIBLE_DEVICES: "-1" },
    });

  test("fails where a GPU is asked for and cannot be used", () => {
    const { status, stdout } = doctor("gpu");
    expect(status).toBe(1);
    expect(stdout).toMatch(
      hasGpuBuild ? /FAIL GPU / : /FAIL GPU .*CPU build is here: run `STARLIT_DEV/,
    );
  });

  test("is content where none is asked for", () => {
    expect(doctor("").stdout).toMatch(/ok {3}GPU .*not asked for/);
  });
});

// `STARLIT_DEVICE=gpu npm run setup` brings the libraries.
(hasGpuBuild ? test : test.skip)("TensorFlow's own check opens all of NVIDIA's libraries", () => {
  const driver = path.join(__dirname, "fixtures/driver.c");
  for (const name of ["libcuda.so.1", "libnvidia-ml.so.1"]) {
    const built = spawnSync("g++", [
      "-x",
      "c",
      "-shared",
      "-fPIC",
      driver,
      "-o",
      path.join(folder, name),
    ]);
    expect(built.status).toBe(0);
  }
  const said = run(
    `import { lookForGpu } from "./scripts/setup/gpu.mjs";
    console.log(lookForGpu({ LD_LIBRARY_PATH: ${JSON.stringify(folder)}, CUDA_VISIBLE_DEVICES: "0" }).said);`,
  );
  expect(said).not.toMatch(/Could not load|Cannot dlopen/);
  for (const name of ["cudart", "cublas", "cublasLt", "cufft", "cusolver", "cusparse", "cudnn"]) {
    expect(said).toMatch(new RegExp(`Successfully opened dynamic library lib${name}\\.so`));
  }
  expect(said).toContain("Adding visible gpu devices: 0");
});
