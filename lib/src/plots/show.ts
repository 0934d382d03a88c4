import { checkOptions, displayBundle, inNotebook } from "../engine";
import { visible, visibleIn } from "../files/markup.cjs";
import { toPng } from "./picture";
import type { Figure } from "./theme";

/**
 * Shows a figure as one output: interactive in JupyterLab, a picture in every static viewer, its
 * description in a terminal and for a screen reader.
 *
 * @param figure a specification, as the functions of this room make them
 * @param options.alt text in place of the figure's own description
 * @param options.id a name for the output; with `update` the figure takes the place of that one
 */
export async function show(
  figure: Figure,
  options: { alt?: string; id?: string; update?: boolean } = {},
): Promise<void> {
  checkOptions("show", options, ["alt", "id", "update"]);
  const description = visible(options.alt ?? figure.description);
  // A terminal shows no picture, so none is drawn.
  if (!inNotebook()) return displayBundle({ "text/plain": description });
  const { png, width, height } = await toPng(figure);
  // No text/html: a viewer would take it in place of the figure.
  displayBundle(
    {
      "application/vnd.vegalite.v5+json": visibleIn({ ...figure, description }),
      "image/png": png.toString("base64"),
      "text/plain": description,
    },
    { metadata: { "image/png": { width, height } }, id: options.id, update: options.update },
  );
}
