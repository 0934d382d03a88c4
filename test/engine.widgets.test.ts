import { button, slider, StarlitError, textBox } from "../lib/src/engine";
import { DISPLAY } from "../lib/src/engine/display";

const COMM = Symbol.for("kernel.comm");
const host = globalThis as { [name: symbol]: unknown };

/** A kernel that notes what is sent to the browser. */
function kernel() {
  const sent: object[] = [];
  const comm = {
    id: "1",
    onMessage: null as ((data: object) => Promise<void>) | null,
    send: ({ data }: { data: object }) => sent.push(data),
    close: () => sent.push({ closed: true }),
  };
  host[COMM] = (target: string, message: { data: object }) => {
    sent.push({ target, ...message.data });
    return comm;
  };
  return { comm, sent };
}

afterEach(() => {
  delete host[COMM];
});

test("without a kernel a widget is a line of text", () => {
  expect(slider({ label: "rate", min: 0, max: 1, value: 0.5 })[DISPLAY]()).toEqual({
    "text/plain": "rate: 0.5",
  });
  expect(button("Go")[DISPLAY]()).toEqual({ "text/plain": "[Go]" });
});

test("it is opened by the widget protocol when it is shown, once", () => {
  const { sent } = kernel();
  const rate = slider({ label: "rate", min: 0, max: 1, value: 0.5 });
  expect(sent).toEqual([]);
  expect(rate[DISPLAY]()).toMatchObject({
    "application/vnd.jupyter.widget-view+json": { version_major: 2, model_id: "1" },
  });
  rate[DISPLAY]();
  expect(sent).toHaveLength(1);
  expect(sent[0]).toMatchObject({
    target: "jupyter.widget",
    state: { value: 0.5, _model_module: "anywidget", _view_name: "AnyView" },
  });
});

test("the reader's change arrives, is told to listeners in order, and is not sent back", async () => {
  const { comm, sent } = kernel();
  const review = textBox({ label: "review" });
  const told: string[] = [];
  review.onChange(async ({ value }) => void told.push(`first ${value}`));
  review.onChange(({ value }) => told.push(`second ${value}`));
  review[DISPLAY]();
  await comm.onMessage?.({ method: "update", state: { value: "good", _other: 1 } });
  expect(told).toEqual(["first good", "second good"]);
  expect(review.state).toEqual({ value: "good" });
  expect(sent).toHaveLength(1);
});

test("a change from here is sent; a page that was reloaded gets the state again", async () => {
  const { comm, sent } = kernel();
  const rate = slider({ label: "rate", min: 0, max: 1 });
  rate[DISPLAY]();
  rate.value = 0.25;
  expect(sent[1]).toEqual({ method: "update", state: { value: 0.25 }, buffer_paths: [] });
  await comm.onMessage?.({ method: "request_state" });
  expect(sent[2]).toMatchObject({
    method: "update",
    state: { value: 0.25, _model_name: "AnyModel" },
  });
  rate.close();
  expect(sent[3]).toEqual({ closed: true });
});

test("a slider without room is refused", () => {
  expect(() => slider({ label: "rate", min: 1, max: 1 })).toThrow(StarlitError);
  expect(() => slider({ label: "rate", min: 0, max: 1, value: 3 })).toThrow(/value 3/);
});
