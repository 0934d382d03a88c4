// Jupyter reads and writes in a person's home folder; here it keeps to the clone.
import path from "node:path";
import { logs, venv } from "../setup/paths.mjs";

const home = path.join(logs, "jupyter");

/** Environment variables for Jupyter programs: this project's kernel, settings and run files alone. */
export const jupyterEnvironment = {
  JUPYTER_PATH: path.join(venv, "share", "jupyter"),
  JUPYTER_CONFIG_DIR: path.join(home, "config"),
  JUPYTER_DATA_DIR: path.join(home, "data"),
  JUPYTER_RUNTIME_DIR: path.join(home, "runtime"),
  JUPYTERLAB_SETTINGS_DIR: path.join(home, "lab", "settings"),
  JUPYTERLAB_WORKSPACES_DIR: path.join(home, "lab", "workspaces"),
  IPYTHONDIR: path.join(home, "ipython"),
  PYTHONUNBUFFERED: "1",
};
