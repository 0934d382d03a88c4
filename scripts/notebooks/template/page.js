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

/** Shows or hides all code; a single cell folds by itself. */
function foldButton() {
  const button = document.getElementById("fold");
  const cells = document.querySelectorAll("details.code");
  if (!button || cells.length === 0) return;
  button.addEventListener("click", () => {
    const show = ![...cells].some((cell) => cell.open);
    for (const cell of cells) cell.open = show;
    button.textContent = show ? "Hide code" : "Show code";
  });
  button.hidden = false;
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

/** Puts the interactive figure in the picture's place, once it is drawn. */
async function draw(figure) {
  const script = figure.querySelector("script");
  const spec = JSON.parse(script.textContent);
  const place = document.createElement("div");
  place.hidden = true;
  figure.append(place);
  try {
    await vegaEmbed(place, spec, {
      renderer: "canvas",
      ast: true, // expressions are read, not made code: the page allows none
      actions: { export: true, source: false, compiled: false, editor: false },
    });
    figure.querySelector("img").remove();
    place.hidden = false;
    script.remove();
  } catch (error) {
    place.remove(); // the picture stays
    console.error(error);
  }
}

/**
 * Draws figures when they come near the screen, so that a long page opens at once. A narrow screen
 * keeps the pictures, which fit; a touch enlarges one, and it can then be moved about. So does a wider
 * screen with a figure that is wider still: whole at first, interactive after a click.
 */
function figures() {
  if (matchMedia("(max-width: 45rem)").matches) {
    for (const picture of document.querySelectorAll("figure.picture img")) {
      picture.addEventListener("click", () => picture.parentElement.classList.toggle("large"));
    }
    return;
  }
  if (typeof vegaEmbed === "undefined") return;
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
  for (const script of document.querySelectorAll("figure.picture script")) {
    const figure = script.parentElement;
    const picture = figure.querySelector("img");
    if (Number(picture.getAttribute("width")) > figure.parentElement.clientWidth) {
      picture.title = "Click for the interactive figure in full width";
      picture.addEventListener("click", () => draw(figure), { once: true });
    } else {
      near.observe(figure);
    }
  }
}

themeButton();
foldButton();
contents();
figures();
