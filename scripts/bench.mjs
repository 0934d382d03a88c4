// `npm run bench`: times our library beside PyTorch and Keras on the same work. See bench/README.md.
import { bench } from "../bench/bench.mjs";
import { command } from "./setup.mjs";

await command(async () => {
  await bench(process.argv.slice(2));
});
