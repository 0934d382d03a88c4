// What a page can do beyond being read; without JavaScript all of it is there to read.
"use strict";

const remember = (key, value) => {
  try {
    localStorage.setItem(key, value);
  } catch {
    // No storage: the choice holds for this page.
  }
};

/** Light or dark, against the system's setting if the reader wants. */
function themeButton() {
  const button = document.getElementById("theme");
  const root = document.documentElement;
  const system = () => (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
  const name = () => {
    const other = (root.dataset.theme ?? system()) === "dark" ? "light" : "dark";
    button.textContent = other === "dark" ? "Dark" : "Light";
    return other;
  };
  button.addEventListener("click", () => {
    root.dataset.theme = name();
    remember("starlit-theme", root.dataset.theme);
    name();
  });
  name();
  button.hidden = false;
}

/** A button that opens or closes all folds of a kind; each folds by itself as well. */
function foldButton(id, folds, what) {
  const button = document.getElementById(id);
  if (!button || folds.length === 0) return;
  const isOpen = () => folds.some((fold) => fold.open);
  const name = () => (button.textContent = `${isOpen() ? "Hide" : "Show"} ${what}`);
  button.addEventListener("click", () => {
    const open = !isOpen();
    for (const fold of folds) fold.open = open;
  });
  for (const fold of folds) fold.addEventListener("toggle", name);
  name();
  button.hidden = false;
}

/** Opens what hides an element, and shows it. */
function reveal(element) {
  for (let fold = element; (fold = fold.parentElement?.closest("details"));) fold.open = true;
  element.scrollIntoView({ block: "center" });
}

/** Links to headings in folded sections open them; so does printing, for as long as it lasts. */
function openFolds() {
  const follow = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target?.closest("details:not([open])")) reveal(target);
  };
  addEventListener("hashchange", follow);
  document.addEventListener("click", (event) => {
    if (event.target.closest('a[href^="#"]')) setTimeout(follow); // the hash may be the same
  });
  follow();
  const closed = [];
  addEventListener("beforeprint", () => {
    closed.push(...document.querySelectorAll(":is(.part, .code):not([open])"));
    for (const fold of closed) fold.open = true;
  });
  addEventListener("afterprint", () => {
    for (const fold of closed.splice(0)) fold.open = false;
  });
}

/** Where a text occurs in an element, as ranges; letters alike in either case. */
function rangesOf(text, element) {
  const pieces = []; // text nodes, and where each begins in all of the text
  let whole = "";
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    if (walker.currentNode.parentElement.closest("script, .formula, .vega-embed, .anchor-link"))
      continue;
    pieces.push({ node: walker.currentNode, start: whole.length });
    whole += walker.currentNode.data;
  }
  const pieceAt = (place) => pieces.findLast(({ start }) => start <= place);
  const ranges = [];
  const lower = whole.toLowerCase();
  for (let at = lower.indexOf(text); at >= 0; at = lower.indexOf(text, at + text.length)) {
    const [first, last] = [pieceAt(at), pieceAt(at + text.length - 1)];
    const range = new Range();
    range.setStart(first.node, at - first.start);
    range.setEnd(last.node, at + text.length - last.start);
    ranges.push(range);
  }
  return ranges;
}

/** Find in page, folded sections and cells included, which not every browser's own search opens. */
function findBox() {
  const form = document.getElementById("find");
  if (!form || !globalThis.CSS?.highlights) return;
  const [box, count] = [form.querySelector("input"), form.querySelector("output")];
  let [found, here] = [[], -1];
  const show = () => {
    CSS.highlights.set("found", new Highlight(...found));
    CSS.highlights.set("here", new Highlight(...found.slice(here, here + 1)));
    count.textContent = box.value ? `${here + 1} of ${found.length}` : "";
    if (!found[here]) return;
    const { parentElement } = found[here].startContainer;
    reveal(parentElement);
    const top = () => found[here].getBoundingClientRect().top;
    const frame = parentElement.closest(".printed");
    if (frame) frame.scrollTop += top() - frame.getBoundingClientRect().top - 50;
    scrollBy(0, top() - innerHeight / 3);
  };
  const search = () => {
    const text = box.value.toLowerCase();
    found = text ? rangesOf(text, document.querySelector("main")) : [];
    here = Math.min(0, found.length - 1);
    show();
  };
  box.addEventListener("change", () => box.value === "" && search());
  box.addEventListener("input", () => (here = -2)); // what is found is out of date
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (here === -2) return search();
    if (found.length > 0) here = (here + 1) % found.length;
    show();
  });
  form.hidden = false;
}

/** The contents beside the text on a wide screen, folded above it on a narrow one. */
function contents() {
  const details = document.querySelector(".contents details");
  if (!details) return;
  const wide = matchMedia("(min-width: 70rem)");
  const place = () => (details.open = wide.matches);
  wide.addEventListener("change", place);
  place();
  details.addEventListener("click", (event) => {
    if (event.target.closest("a") && !wide.matches) details.open = false;
  });
  markPlace(details);
}

/** Marks in the contents where the reader is. */
function markPlace(details) {
  const links = new Map();
  for (const link of details.querySelectorAll('a[href^="#"]')) {
    const heading = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (heading) links.set(heading, link);
  }
  const mark = () => {
    let here = null;
    for (const heading of links.keys()) {
      if (heading.getBoundingClientRect().top < innerHeight / 3) here = heading;
    }
    for (const [heading, link] of links) {
      if (heading === here) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  };
  addEventListener("scroll", mark, { passive: true });
  mark();
}

/** Breaks a text, or one in lines, into lines of at most `width` pixels, with letters of `size`. */
function broken(text, width, size) {
  const most = Math.floor(width / (0.58 * size));
  const lines = [];
  for (const word of [text].flat().join(" ").split(" ")) {
    const last = lines.length - 1;
    if (last >= 0 && lines[last].length + word.length < most) lines[last] += ` ${word}`;
    else lines.push(word);
  }
  return lines;
}

// A label in two lines, broken at its first comma.
const inTwo =
  "indexof(datum.label, ', ') < 0 ? datum.label : " +
  "[slice(datum.label, 0, indexof(datum.label, ', ')), slice(datum.label, indexof(datum.label, ', ') + 2)]";

/** Gives the views of a row the axis that they shared with its first, and the titles of the row above. */
function completed(row, above) {
  const units = (view) => (view.layer ?? [view]).filter(({ encoding }) => encoding?.y?.axis);
  const axis = units(row[0])[0]?.encoding.y.axis;
  return row.map((view, i) => {
    const copy = structuredClone(view);
    for (const { encoding } of units(copy))
      if (encoding.y.axis.labels === false) encoding.y.axis = axis;
    return above && !copy.title ? { ...copy, title: above[i]?.title } : copy;
  });
}

/** A figure for a narrow place: views beside one another go below one another, titles are broken anew. */
function stacked(view, width, inner = false) {
  const { hconcat, ...rest } = view;
  const narrow = hconcat ? { ...rest, vconcat: completed(hconcat) } : { ...rest };
  if (narrow.concat) {
    narrow.concat = completed(narrow.concat);
    const widest = Math.max(
      ...narrow.concat.map((each) => (each.width?.step ? 6 * each.width.step : each.width)),
    );
    const fitting = Math.floor(width / (0.8 * widest + 50)); // beside the labels, and a bit smaller
    narrow.columns = Math.max(1, Math.min(narrow.columns, fitting));
  }
  if (!hconcat && narrow.vconcat?.every((row) => row.hconcat))
    narrow.vconcat = narrow.vconcat.map((row) => ({
      ...row,
      hconcat: completed(row.hconcat, narrow.vconcat[0].hconcat),
    }));
  for (const views of ["concat", "vconcat"])
    if (narrow[views])
      narrow[views] = narrow[views].map((each) =>
        stacked(each, width / (narrow.columns ?? 1), true),
      );
  if (narrow.title) {
    const title =
      typeof narrow.title === "object" && !Array.isArray(narrow.title)
        ? narrow.title
        : { text: narrow.title };
    const room = inner ? 0.6 * width : width; // a view's title begins behind the labels of its axis
    narrow.title = { ...title, text: broken(title.text ?? "", room, title.fontSize ?? 12) };
    if (title.subtitle) narrow.title.subtitle = broken(title.subtitle, room, 11);
  }
  if (inner) return narrow;
  const { config = {} } = narrow;
  const layout = { bottom: { direction: "vertical", anchor: "start" } };
  const legend = { ...config.legend, columns: 2, gradientLength: 150, orient: "bottom", layout };
  const axisY = { ...config.axisY, labelLimit: width / 3, labelExpr: inTwo };
  narrow.config = { ...config, legend, axisY };
  return narrow;
}

/** Takes `excess` pixels from the views of a figure. */
function shrink(view, excess) {
  const views = view.vconcat ?? view.concat;
  if (views) for (const each of views) shrink(each, excess / (view.columns ?? 1));
  else if (view.width?.step) view.width = { step: Math.max(12, view.width.step - excess / 8) };
  else if (view.width) view.width = Math.max(80, view.width - excess);
}

/** Whether places in a figure are its own, as in a picture of a model: such a one cannot be made narrower. */
function isDrawing(view) {
  const { x, y } = view.encoding ?? {};
  if (x?.axis === null || y?.axis === null) return true;
  return (view.hconcat ?? view.vconcat ?? view.concat ?? view.layer ?? []).some(isDrawing);
}

/** Puts the interactive figure in the picture's place, once it is drawn, no wider than the page. */
async function draw(figure) {
  const script = figure.querySelector("script");
  const spec = JSON.parse(script.textContent);
  const place = document.createElement("div");
  place.hidden = true;
  figure.append(place);
  const width = figure.parentElement.clientWidth - 1; // whole pixels
  const embed = async (shown) => {
    await vegaEmbed(place, shown, {
      renderer: "canvas",
      ast: true, // expressions are read, not made code: the page allows none
      actions: { export: true, source: false, compiled: false, editor: false },
    });
    return place.querySelector("canvas").width / devicePixelRatio - width;
  };
  try {
    if ((await embed(spec)) > 0 && !isDrawing(spec)) {
      const narrow = stacked(spec, width - 20);
      for (let i = 0, excess; i < 4 && (excess = await embed(narrow)) > 0; i++)
        shrink(narrow, excess);
    }
    place.querySelector("summary").setAttribute("aria-label", "Save this figure");
    figure.querySelector("img").remove();
    place.hidden = false;
    script.remove();
  } catch (error) {
    place.remove(); // the picture stays
    console.error(error);
  }
}

/**
 * Draws figures when they come near the screen, so that a long page opens at once. A picture that
 * cannot be made narrower is moved about within its frame on a phone, or shown whole after a touch;
 * on a wider screen it is whole at first, and interactive after a click.
 */
function figures() {
  const phone = matchMedia("(max-width: 45rem)").matches;
  const room = document.querySelector("main").clientWidth; // a folded section has no width yet
  const near = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) {
        if (!isIntersecting) continue;
        near.unobserve(target);
        void draw(target);
      }
    },
    { rootMargin: "800px" },
  );
  for (const figure of document.querySelectorAll("figure.picture")) {
    const picture = figure.querySelector("img");
    const script = figure.querySelector("script");
    const drawable = script && typeof vegaEmbed !== "undefined";
    const tooWide = Number(picture.getAttribute("width")) > room;
    if (drawable && !(tooWide && isDrawing(JSON.parse(script.textContent)))) near.observe(figure);
    else if (phone) {
      figure.classList.add("large");
      picture.addEventListener("click", () => figure.classList.toggle("large"));
    } else if (drawable) {
      picture.title = "Click for the interactive figure in full width";
      picture.addEventListener("click", () => draw(figure), { once: true });
    }
  }
}

themeButton();
foldButton("fold", [...document.querySelectorAll("details.code")], "code");
foldButton("sections", [...document.querySelectorAll("details.part")], "sections");
openFolds();
findBox();
contents();
figures();
