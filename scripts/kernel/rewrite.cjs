"use strict";
// The first half of a cell's way to JavaScript, before TypeScript takes the types away: what the cell
// declares stays as it is written and is bound in the session right after; what it refers to is read
// from the session, so that closures of all cells see one truth.
const ts = require("typescript");
const { Loops } = require("./loops.cjs");
const { MARK, stored } = require("./names.cjs");
const { declarationsIn, isAfter, meaning } = require("./program.cjs");

const { factory: f, SymbolFlags, TypeFlags } = ts;
const PRIMITIVE =
  TypeFlags.NumberLike |
  TypeFlags.StringLike |
  TypeFlags.BooleanLike |
  TypeFlags.BigIntLike |
  TypeFlags.Undefined |
  TypeFlags.Null;

/** Which of a cell's identifiers stand for variables of the session. */
class Scope {
  #checker;
  #owners = new Map(); // declaration → name
  /** Names that functions and classes of this cell read or write. */
  captured = new Set();

  constructor({ source, checker }) {
    this.#checker = checker;
    for (const { node, name, statement } of declarationsIn(source, source.end))
      // What a reader only declares is a global of Node's; the last line declares earlier cells'.
      if (!isAmbient(statement) || statement.getStart() > source.text.lastIndexOf("\n"))
        this.#owners.set(node, name);
    this.#findCaptured(source, false);
  }

  /** The session's name of what an identifier refers to; null where it is something else. */
  nameOf(identifier) {
    if (!isReference(identifier)) return null;
    const symbol = this.#symbolOf(identifier);
    // A name that a later cell will declare.
    if (!symbol) return identifier.text;
    const declarations = (symbol.declarations ?? []).filter((each) => this.#owners.has(each));
    return declarations.length > 0 && !declarations.some((each) => isWithin(identifier, each))
      ? identifier.text
      : null;
  }

  #symbolOf(identifier) {
    return ts.isShorthandPropertyAssignment(identifier.parent)
      ? this.#checker.getShorthandAssignmentValueSymbol(identifier.parent)
      : this.#checker.getSymbolAtLocation(identifier);
  }

  /** Whether a variable was declared as a number, whatever is known of it where it stands. */
  isNumber(identifier) {
    const symbol = this.#symbolOf(identifier);
    const type = symbol && this.#checker.getTypeOfSymbol(symbol);
    return Boolean(type && type.flags & ts.TypeFlags.NumberLike);
  }

  isPrimitive(node) {
    const type = this.#checker.getTypeAtLocation(node);
    const parts = type.isUnion() ? type.types : [type];
    return parts.every(({ flags }) => flags & PRIMITIVE);
  }

  /** Whether something is an array or a typed array. */
  isList(node) {
    const type = this.#checker.getTypeAtLocation(node);
    return (
      this.#checker.isArrayLikeType(type) || /^\w+\d+(Clamped)?Array$/.test(type.symbol?.name ?? "")
    );
  }

  /** Whether a `var` inside a block belongs to the session. */
  owns(declaration) {
    return this.#owners.has(declaration);
  }

  #findCaptured(node, inside) {
    if (inside && ts.isIdentifier(node)) {
      const name = this.nameOf(node);
      if (name) this.captured.add(name);
    }
    const within = inside || ts.isFunctionLike(node) || ts.isClassLike(node);
    ts.forEachChild(node, (child) => this.#findCaptured(child, within));
  }
}

/** Not a name that is declared, nor a property's, a label's or a type's. */
function isReference(node) {
  const { parent } = node;
  if (ts.isShorthandPropertyAssignment(parent)) return parent.name === node;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  if (parent.name === node || parent.propertyName === node || parent.label === node) return false;
  return !ts.isQualifiedName(parent) && !ts.isPartOfTypeNode(node) && !ts.isExportSpecifier(parent);
}

/** A class sees itself by its own name; a variable's initializer does not see the session's old value. */
function isWithin(node, declaration) {
  if (ts.isFunctionDeclaration(declaration)) return false;
  const inside = (each) => each === declaration || (each.parent && inside(each.parent));
  if (!inside(node)) return false;
  const inFunction = (each) =>
    each !== declaration && (ts.isFunctionLike(each) || inFunction(each.parent));
  return !ts.isVariableDeclaration(declaration) || !inFunction(node);
}

const isAmbient = (node) => Boolean(ts.getCombinedModifierFlags(node) & ts.ModifierFlags.Ambient);

const kernel = (method, ...args) =>
  f.createCallExpression(
    f.createPropertyAccessExpression(f.createIdentifier(MARK), method),
    undefined,
    args,
  );
const textOf = (text) => f.createStringLiteral(text);
const statementOf = (expression) => f.createExpressionStatement(expression);
/** @param {string} name @param {import("typescript").Expression} [value] */
const bind = (name, value = f.createIdentifier(name)) =>
  statementOf(kernel("bind", textOf(name), value));

/** @returns {ts.TransformerFactory<ts.SourceFile>} */
function rewrite(cell, scope, isCaptured) {
  const { source, code, checker } = cell;
  return (context) => {
    const loops = new Loops(scope, isCaptured);
    const declarations = declarationsIn(source, code.length);
    const isValue = ({ node, statement }) =>
      !isAmbient(statement) &&
      meaning(checker, node) & SymbolFlags.Value &&
      !(ts.isFunctionDeclaration(node) && !node.body);
    const boundBy = (statement) =>
      declarations.filter((each) => each.statement === statement && isValue(each));

    function visit(node) {
      if (ts.isTypeNode(node) && !ts.isExpressionWithTypeArguments(node)) return node;
      if (ts.isHeritageClause(node) && node.token === ts.SyntaxKind.ImplementsKeyword) return node;
      if (loops.isOutermost(node)) return loops.withLocals(node, visitChildren);
      const assigned = loops.assignment(node, visit);
      if (assigned) return assigned;
      if (ts.isShorthandPropertyAssignment(node)) {
        const value = reference(node.name);
        if (value === node.name) return visitChildren(node);
        const { objectAssignmentInitializer: initial } = node;
        const full = initial ? f.createAssignment(value, visit(initial)) : value;
        return ts.setTextRange(f.createPropertyAssignment(node.name, full), node);
      }
      if (ts.isIdentifier(node)) return reference(node);
      if (ts.isVariableStatement(node)) {
        const assignments = nestedVars(node.declarationList);
        if (assignments) return assignments.map((each) => ts.setTextRange(statementOf(each), node));
      }
      if (ts.isVariableDeclarationList(node)) {
        const assignments = nestedVars(node);
        if (assignments?.length === 0) return undefined;
        if (assignments) return assignments.reduce((a, b) => f.createComma(a, b));
      }
      if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
        return ts.setTextRange(kernel("load", ...node.arguments.map(visit)), node);
      if (ts.isMetaProperty(node) && node.keywordToken === ts.SyntaxKind.ImportKeyword)
        return f.createPropertyAccessExpression(f.createIdentifier(MARK), "meta");
      return visitChildren(node);
    }

    function visitChildren(node) {
      return ts.visitEachChild(node, visit, context);
    }

    function reference(identifier) {
      const name = scope.nameOf(identifier);
      if (!name) return identifier;
      return ts.setTextRange(f.createIdentifier(loops.localOf(name) ?? stored(name)), identifier);
    }

    /** `var`s inside a block as assignments to the session; null where the list is another one. */
    function nestedVars(list) {
      const first = list.declarations[0];
      let leaf = first;
      while (leaf && !ts.isIdentifier(leaf.name))
        leaf = leaf.name.elements.find(ts.isBindingElement);
      if (!leaf || list.flags & ts.NodeFlags.BlockScoped || !scope.owns(leaf)) return null;
      if (isForIn(list.parent)) return [target(first.name)];
      const set = list.declarations.filter(({ initializer }) => initializer);
      return set.map((each) => {
        const { name, initializer } = each;
        const local = ts.isIdentifier(name) && loops.localOf(name.text);
        const value = visit(initializer);
        const expression = local
          ? loops.assign(name.text, value)
          : f.createAssignment(target(name), value);
        return ts.setTextRange(
          ts.isObjectBindingPattern(name)
            ? f.createParenthesizedExpression(expression)
            : expression,
          each,
        );
      });
    }

    /** A declared name or pattern as the left side of an assignment. */
    function target(name) {
      if (ts.isIdentifier(name))
        return f.createIdentifier(loops.localOf(name.text) ?? stored(name.text));
      /** @param {import("typescript").BindingElement} element */
      const rest = ({ dotDotDotToken }) => Boolean(dotDotDotToken);
      /** @param {import("typescript").BindingElement} element */
      const full = ({ name: inner, initializer }) =>
        initializer ? f.createAssignment(target(inner), visit(initializer)) : target(inner);
      if (ts.isArrayBindingPattern(name))
        return f.createArrayLiteralExpression(
          name.elements.map((each) => {
            if (ts.isOmittedExpression(each)) return each;
            return rest(each) ? f.createSpreadElement(target(each.name)) : full(each);
          }),
        );
      return f.createObjectLiteralExpression(
        name.elements.map((each) =>
          rest(each)
            ? f.createSpreadAssignment(target(each.name))
            : f.createPropertyAssignment(
                each.propertyName ? visit(each.propertyName) : each.name,
                full(each),
              ),
        ),
      );
    }

    /** A statement at the top of the cell, and what it binds. */
    function topLevel(statement, isLast) {
      if (ts.isImportDeclaration(statement)) return importing(statement);
      if (ts.isExportDeclaration(statement)) return exporting(statement);
      if (ts.isExportAssignment(statement))
        return expression(statement.expression, statement, isLast);
      if (ts.isExpressionStatement(statement))
        return expression(statement.expression, statement, isLast);
      if (ts.isImportEqualsDeclaration(statement)) return importEquals(statement);
      if (ts.isVariableStatement(statement) && !isAmbient(statement)) {
        const { declarationList: list } = statement;
        // One by one: an initializer reads what the one before it has bound.
        return list.declarations.flatMap((declaration) => {
          const single = f.createVariableStatement(
            undefined,
            ts.setTextRange(
              f.createVariableDeclarationList([visitChildren(declaration)], list.flags),
              list,
            ),
          );
          const names = boundBy(statement).filter(({ node }) => isInside(node, declaration));
          return [ts.setTextRange(single, statement), ...names.map(({ name }) => bind(name))];
        });
      }
      const isNameless = ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement);
      if (isNameless && !statement.name) return []; // `export default function () {}`
      const plain = visit(ts.canHaveModifiers(statement) ? withoutExport(statement) : statement);
      if (ts.isFunctionDeclaration(statement) || !statement.name) return [plain].flat();
      return [plain, ...boundBy(statement).map(({ name }) => bind(name))];
    }

    function expression(value, statement, isLast) {
      const isAssignment =
        ts.isBinaryExpression(value) && ts.isAssignmentOperator(value.operatorToken.kind);
      const visited = ts.visitNode(value, visit);
      const shown = isLast && !isAssignment;
      return [
        ts.setTextRange(shown ? f.createReturnStatement(visited) : statementOf(visited), statement),
      ];
    }

    /** Imports run first; each name is bound, types are not. */
    function importing(statement) {
      const { importClause, moduleSpecifier } = statement;
      const names = boundBy(statement);
      if (
        importClause &&
        (importClause.isTypeOnly ||
          (names.length === 0 && importClause.namedBindings?.elements?.length))
      )
        return [];
      return loading(statement, moduleSpecifier, (module) =>
        names.map(({ node, name }) => {
          if (ts.isImportClause(node)) return bind(name, kernel("defaultOf", module));
          if (ts.isNamespaceImport(node)) return bind(name, module);
          return bind(name, member(module, (node.propertyName ?? node.name).text));
        }),
      );
    }

    function member(module, name) {
      return name === "default"
        ? kernel("defaultOf", module)
        : f.createElementAccessExpression(module, textOf(name));
    }

    /** `export { a } from "module"` binds as an import does. */
    function exporting(statement) {
      const { exportClause, moduleSpecifier, isTypeOnly } = statement;
      if (!moduleSpecifier || isTypeOnly) return [];
      const elements = exportClause?.elements?.filter((each) => !each.isTypeOnly) ?? [];
      return loading(statement, moduleSpecifier, (module) => [
        ...elements.map(({ name, propertyName }) =>
          bind(name.text, member(module, (propertyName ?? name).text)),
        ),
        ...(exportClause && ts.isNamespaceExport(exportClause)
          ? [bind(exportClause.name.text, module)]
          : []),
      ]);
    }

    function loading(statement, specifier, use) {
      const module = f.createUniqueName("module");
      const loaded = ts.setOriginalNode(
        f.createAwaitExpression(kernel("load", specifier)),
        statement,
      );
      const declaration = f.createVariableDeclaration(
        module,
        undefined,
        undefined,
        ts.setTextRange(loaded, statement),
      );
      const list = f.createVariableDeclarationList([declaration], ts.NodeFlags.Const);
      return [
        ts.setTextRange(f.createVariableStatement(undefined, list), statement),
        ...use(module),
      ];
    }

    function importEquals(statement) {
      const { name, moduleReference: reference } = statement;
      if (!ts.isExternalModuleReference(reference))
        return [statement, ...boundBy(statement).map(({ name }) => bind(name))];
      return loading(statement, reference.expression, (module) => [
        bind(name.text, kernel("defaultOf", module)),
      ]);
    }

    function withoutExport(statement) {
      const all = ts.getModifiers(statement) ?? [];
      const kept = all.filter(
        ({ kind }) => kind !== ts.SyntaxKind.ExportKeyword && kind !== ts.SyntaxKind.DefaultKeyword,
      );
      if (kept.length === all.length) return statement;
      const modifiers = [...(ts.getDecorators(statement) ?? []), ...kept];
      return ts.canHaveDecorators(statement) || ts.canHaveModifiers(statement)
        ? ts.setTextRange(replaceModifiers(statement, modifiers), statement)
        : statement;
    }

    return () => {
      const own = source.statements.filter((each) => !isAfter(each, code.length));
      const tail = source.statements.slice(own.length).filter(ts.isImportDeclaration);
      const unsaid = tail.filter(
        ({ moduleSpecifier }) => !moduleSpecifier.text.startsWith("./Cell ["),
      );
      const imports = own.filter((each) => ts.isImportDeclaration(each));
      const functions = declarations.filter(
        (each) => ts.isFunctionDeclaration(each.node) && isValue(each),
      );
      const vars = declarations.filter(
        ({ node, statement }) => isVar(node) && !isAmbient(statement),
      );
      const last = own.at(-1);
      return f.updateSourceFile(source, [
        ...functions.map(({ name }) => bind(name)),
        ...vars.map(({ name }) => statementOf(kernel("hoist", textOf(name)))),
        ...unsaid.flatMap((each) =>
          loading(each, each.moduleSpecifier, (module) =>
            each.importClause.namedBindings.elements.map(({ name }) =>
              bind(name.text, member(module, name.text)),
            ),
          ),
        ),
        ...imports.flatMap((each) => topLevel(each, false)),
        ...own
          .filter((each) => !imports.includes(each))
          .flatMap((each) => topLevel(each, each === last)),
      ]);
    };
  };
}

function replaceModifiers(statement, modifiers) {
  if (ts.isFunctionDeclaration(statement)) {
    const { asteriskToken, name, typeParameters, parameters, type, body } = statement;
    return f.updateFunctionDeclaration(
      statement,
      modifiers,
      asteriskToken,
      name,
      typeParameters,
      parameters,
      type,
      body,
    );
  }
  if (ts.isClassDeclaration(statement)) {
    const { name, typeParameters, heritageClauses, members } = statement;
    return f.updateClassDeclaration(
      statement,
      modifiers,
      name,
      typeParameters,
      heritageClauses,
      members,
    );
  }
  if (ts.isEnumDeclaration(statement))
    return f.updateEnumDeclaration(statement, modifiers, statement.name, statement.members);
  if (ts.isModuleDeclaration(statement))
    return f.updateModuleDeclaration(statement, modifiers, statement.name, statement.body);
  return statement;
}

const isForIn = (node) => ts.isForOfStatement(node) || ts.isForInStatement(node);
const isInside = (node, outer) => node === outer || (node.parent && isInside(node.parent, outer));
function isVar(node) {
  let list = node;
  while (list && !ts.isVariableDeclarationList(list))
    list = ts.isStatement(list) ? null : list.parent;
  return Boolean(list) && !(list.flags & ts.NodeFlags.BlockScoped);
}

module.exports = { Scope, rewrite };
