import { confusionMatrices, show } from "../lib/src/plots";

const coin = {
  name: "coin",
  yTrue: [0, 0, 0, 0, 1, 1, 1, 1, 1, 1],
  yPred: [0, 0, 0, 1, 0, 0, 1, 1, 1, 1],
};
const figure = confusionMatrices([coin], {
  title: "Tails is found less often than heads",
  labels: [0, 1],
  labelNames: ["heads", "tails"],
});

interface Message {
  data: Record<string, unknown>;
  metadata: Record<string, { width: number; height: number }>;
}

/** What `show` sends to a kernel. */
async function sent(options: { alt?: string } = {}): Promise<Message[]> {
  const kernel = require("./fixtures/tslab/dist/jupyter") as { lastWriteDisplayData: unknown };
  const messages: Message[] = [];
  kernel.lastWriteDisplayData = (message: Message) => messages.push(message);
  try {
    await show(figure, options);
  } finally {
    kernel.lastWriteDisplayData = null;
  }
  return messages;
}

test("a terminal gets the description", async () => {
  let text = "";
  const write = jest.spyOn(process.stdout, "write").mockImplementation((chunk) => {
    text += String(chunk);
    return true;
  });
  await show(figure).finally(() => write.mockRestore());
  expect(text).toBe(
    "Tails is found less often than heads. coin: weighted F1 0.703; right: heads 75 %, tails 67 %.\n",
  );
});

test("a notebook gets one output: figure, picture with its size, and description", async () => {
  const [message, ...others] = await sent();
  expect(others).toEqual([]);
  // No text/html, which viewers would take in place of the figure.
  expect(Object.keys(message!.data)).toEqual([
    "application/vnd.vegalite.v5+json",
    "image/png",
    "text/plain",
  ]);
  const png = Buffer.from(message!.data["image/png"] as string, "base64");
  expect(png.readUInt32BE(16)).toBe(2 * message!.metadata["image/png"]!.width);
  expect(message!.data["text/plain"]).toBe(figure.description);
});

test("a text of its own takes the place of the description", async () => {
  const [message] = await sent({ alt: "A coin that is not fair." });
  const spec = message!.data["application/vnd.vegalite.v5+json"] as { description: string };
  expect(spec.description).toBe("A coin that is not fair.");
  expect(message!.data["text/plain"]).toBe("A coin that is not fair.");
});
