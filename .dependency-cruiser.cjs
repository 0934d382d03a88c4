// Who may import whom: no circles, and in lib/src each room only from those before it. An import of
// types counts as well.

const rooms = [
  "files",
  "engine",
  "text",
  "data",
  "layers",
  "models",
  "metrics",
  "training",
  "plots",
  "reviews",
  "studies",
];

/** @param {string[]} names */
const folders = (names) => `^lib/src/(${names.join("|")})/`;

/** @type {import("dependency-cruiser", { with: { "resolution-mode": "import" } }).IConfiguration} */
module.exports = {
  forbidden: [
    { name: "a-circle", severity: "error", from: {}, to: { circular: true } },
    ...rooms.map((room, i) => ({
      name: `${room}-imports-a-later-room`,
      severity: /** @type {const} */ ("error"),
      from: { path: folders([room]) },
      to: { path: "^lib/src/", pathNot: folders(rooms.slice(0, i + 1)) },
    })),
  ],
  options: { tsPreCompilationDeps: true, doNotFollow: { path: "node_modules|lib/dist" } },
};
