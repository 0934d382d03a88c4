/**
 * Sliders, text boxes and buttons under a cell. A widget is an anywidget: a piece of JavaScript in the
 * reader's browser that shares a few named values with this process, over a comm of the kernel.
 * https://anywidget.dev/en/afm/
 */
import { DISPLAY } from "./display";
import { StarlitError } from "./errors";
import { checkOptions } from "./options";

/** A channel to the browser, as the kernel opens it. */
interface Comm {
  id: string;
  send(message: { data: object }): void;
  close(): void;
  onMessage: ((data: { method?: string; state?: object }) => unknown) | null;
}
type OpenComm = (target: string, message: { data: object; metadata: object }) => Comm;

const host = globalThis as { [name: symbol]: OpenComm | undefined };

/** What runs in the browser: the source of an ES module with a default export `{ render }`. */
export interface WidgetFront<State> {
  esm: string;
  css?: string;
  /** The widget in a line of text, for viewers without a kernel. */
  text(state: State): string;
}

/** Values that a widget in the browser and this process share. */
export class Widget<State extends object> {
  readonly #listeners: ((state: State) => unknown)[] = [];
  readonly #front: WidgetFront<State>;
  readonly #state: State;
  #comm: Comm | null = null;

  constructor(front: WidgetFront<State>, state: State) {
    this.#front = front;
    this.#state = { ...state };
  }

  /** The values now. */
  get state(): Readonly<State> {
    return this.#state;
  }

  /** Changes values, here and in the browser. */
  set(part: Partial<State>): void {
    Object.assign(this.#state, part);
    this.#comm?.send({ data: { method: "update", state: part, buffer_paths: [] } });
  }

  /** Calls `listener` whenever the reader has changed a value; what it prints stands under the widget's cell. */
  onChange(listener: (state: Readonly<State>) => unknown): this {
    this.#listeners.push(listener);
    return this;
  }

  /** Takes it off the page. */
  close(): void {
    this.#comm?.close();
    this.#comm = null;
  }

  /** As the last line of a cell it is drawn; without a kernel it is a line of text. */
  [DISPLAY](): Record<string, unknown> {
    const text = { "text/plain": this.#front.text(this.#state) };
    const comm = this.#open();
    if (!comm) return text;
    const view = { version_major: 2, version_minor: 0, model_id: comm.id };
    return { "application/vnd.jupyter.widget-view+json": view, ...text };
  }

  #open(): Comm | null {
    if (this.#comm) return this.#comm;
    const open = host[Symbol.for("kernel.comm")];
    if (!open) return null;
    const comm = open("jupyter.widget", {
      data: { state: this.#whole(), buffer_paths: [] },
      metadata: { version: "2.1.0" },
    });
    comm.onMessage = async ({ method, state }) => {
      if (method === "request_state")
        comm.send({ data: { method: "update", state: this.#whole(), buffer_paths: [] } });
      if (method !== "update" || !state) return;
      for (const name of Object.keys(this.#state).filter((each) => each in state))
        Object.assign(this.#state, { [name]: (state as Record<string, unknown>)[name] });
      for (const listener of this.#listeners) await listener(this.#state);
    };
    return (this.#comm = comm);
  }

  #whole(): object {
    const version = "~0.11.0";
    return {
      ...this.#state,
      _model_module: "anywidget",
      _model_module_version: version,
      _model_name: "AnyModel",
      _view_module: "anywidget",
      _view_module_version: version,
      _view_name: "AnyView",
      _view_count: null,
      _esm: this.#front.esm,
      _css: this.#front.css ?? "",
      _anywidget_id: "starlit",
    };
  }
}

/** A widget with one value. */
export class Input<Value> extends Widget<{ value: Value }> {
  /** The value now; assigning changes it in the browser, too. */
  get value(): Value {
    return this.state.value;
  }
  set value(value: Value) {
    this.set({ value });
  }
}

const style = `.starlit { display: flex; gap: .6em; align-items: center; padding: .2em 0; font-family: var(--jp-ui-font-family, sans-serif); color: var(--jp-ui-font-color1, inherit); }
.starlit input[type=range] { width: 16em; } .starlit textarea { width: 32em; max-width: 100%; font: inherit; }`;

/** The source of a front end: `make` fills the label, and calls `send(value)`; JupyterLab leaves it its keys. */
const front = (settings: object, make: string) => `const settings = ${JSON.stringify(settings)};
function render({ model, el }) {
  const box = document.createElement("label");
  box.className = "starlit";
  const send = (value) => { model.set("value", value); model.save_changes(); };
  const add = (tag, facts) => { const made = Object.assign(document.createElement(tag), facts); made.dataset.lmSuppressShortcuts = "true"; box.append(made); return made; };
  ${make}
  el.append(box);
}
export default { render };`;

/** A slider: the reader's number between `min` and `max`. */
export function slider(options: {
  label: string;
  min: number;
  max: number;
  step?: number;
  value?: number;
}): Input<number> {
  checkOptions("slider", options, ["label", "min", "max", "step", "value"]);
  const { label, min, max, step = (max - min) / 100, value = min } = options;
  if (!(min < max && step > 0 && value >= min && value <= max))
    throw new StarlitError(
      `The slider "${label}" has min ${min}, max ${max}, step ${step} and value ${value}: give min < max, a step above 0, and a value between them.`,
    );
  const esm = front(
    { label, min, max, step },
    `add("span", { textContent: settings.label });
  const input = add("input", { type: "range", min: settings.min, max: settings.max, step: settings.step, value: model.get("value") });
  const shown = add("output", { textContent: model.get("value") });
  input.addEventListener("input", () => { shown.textContent = input.value; send(Number(input.value)); });
  model.on("change:value", () => { input.value = shown.textContent = model.get("value"); });`,
  );
  return new Input({ esm, css: style, text: (state) => `${label}: ${state.value}` }, { value });
}

/** A text box: the reader's text, told when it changes and the typing has paused. */
export function textBox(options: {
  label: string;
  value?: string;
  placeholder?: string;
  rows?: number;
}): Input<string> {
  checkOptions("textBox", options, ["label", "value", "placeholder", "rows"]);
  const { label, value = "", placeholder = "", rows = 2 } = options;
  const esm = front(
    { label, placeholder, rows },
    `add("span", { textContent: settings.label });
  const input = add("textarea", { rows: settings.rows, placeholder: settings.placeholder, value: model.get("value") });
  let timer;
  input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(() => send(input.value), 250); });
  model.on("change:value", () => { if (input.value !== model.get("value")) input.value = model.get("value"); });`,
  );
  return new Input({ esm, css: style, text: (state) => `${label}: ${state.value}` }, { value });
}

/** A button: its value counts the clicks. */
export function button(label: string): Input<number> {
  const esm = front(
    { label },
    `const input = add("button", { textContent: settings.label, className: "jp-mod-styled" });
  input.addEventListener("click", () => send(model.get("value") + 1));`,
  );
  return new Input({ esm, css: style, text: () => `[${label}]` }, { value: 0 });
}
