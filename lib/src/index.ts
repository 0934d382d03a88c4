export * from "./engine";
export * from "./layers";
