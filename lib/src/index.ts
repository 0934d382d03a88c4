export * from "./engine";
export * from "./text";
export * from "./layers";
export * from "./models";
export * from "./training";
export * from "./plots";
