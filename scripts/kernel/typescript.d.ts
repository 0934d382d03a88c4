// What the kernel uses of TypeScript and its own declarations leave out.
import "typescript";

declare module "typescript" {
  function getSourceFileOfNode(node: Node): SourceFile;
  function isAssignmentOperator(kind: SyntaxKind): boolean;
  interface SourceFile {
    /** What is wrong with the text, types apart. */
    parseDiagnostics: DiagnosticWithLocation[];
  }
}
