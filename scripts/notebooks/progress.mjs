// The progress of a notebook in a terminal: one line that changes; in a log file: a line a cell.

/** Returns a function that takes the events of run.py. */
export function notebookProgress(name, out = process.stdout) {
  let cells = 0;
  let heading = "";
  const place = (cell) => `${name}  cell ${String(cell).padStart(2)}/${cells}  ${heading}`;
  const show = out.isTTY ? (text) => rewrite(out, text) : () => {};
  return ({ event, ...facts }) => {
    switch (event) {
      case "notebook":
        cells = facts.cells;
        break;
      case "cell":
        heading = facts.heading;
        show(place(facts.cell));
        break;
      case "output":
        show(`${place(facts.cell)}: ${facts.text}`);
        break;
      case "done":
        if (!out.isTTY) out.write(`${place(facts.cell)}  ${facts.seconds.toFixed(1)} s\n`);
        break;
      case "failed":
        show("");
        break;
      case "saved":
        show("");
        out.write(`${name}  ${cells} cells  ${facts.seconds.toFixed(0)} s\n`);
        break;
    }
  };
}

function rewrite(out, text) {
  const width = (out.columns || 80) - 1;
  out.write(`\r\x1b[2K${text.length > width ? `${text.slice(0, width - 1)}…` : text}`);
}
