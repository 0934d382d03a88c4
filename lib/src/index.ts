export * from "./engine";
export * from "./data";
export * from "./text";
export * from "./layers";
export * from "./models";
export * from "./training";
export * from "./metrics";
export * from "./plots";
