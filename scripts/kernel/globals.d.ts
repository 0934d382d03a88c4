// What the kernel gives to every cell.

/** Asks the reader for a line of text, in a field under the cell: `const name = await input("Name? ")`. */
declare function input(prompt?: string, options?: { password?: boolean }): Promise<string>;

/** Shows a value as the last line of a cell would; `id` names the output, so that a later call redraws it. */
declare function display(value: unknown, options?: { id?: string; update?: boolean }): void;

/** Lists the variables of the session: name, type and value. */
declare function whos(): void;
