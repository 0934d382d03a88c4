export { StarlitError } from "../files/errors.cjs";
