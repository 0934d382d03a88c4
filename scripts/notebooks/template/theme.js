// Before the page is drawn: the reader's own choice of light or dark goes before the system's.
try {
  const chosen = localStorage.getItem("starlit-theme");
  if (chosen) document.documentElement.dataset.theme = chosen;
} catch {
  // No storage (a private window): the system's choice stays.
}
