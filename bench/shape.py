"""`make shape`: the size of our functions and files, held against the limits of the house."""

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parent.parent
LEFT_OUT = {".venv", "tests", "node_modules"}
MOST_MEDIAN, MOST_LINES, SHARE_WITHIN, MOST_FILE, MOST_CALLBACK = 8, 25, 0.95, 300, 10
MOST_OUTPUTS = 3

type_of_function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class Function:
    """One function as the table sees it; `lines` leaves the docstring out."""

    where: str
    name: str
    lines: int
    is_typed: bool
    outputs: int | None  # of a callback


def main() -> int:
    """Prints the table; 1 when a figure is off."""
    files = sorted(p for p in ROOT.rglob("*.py") if not LEFT_OUT & set(p.relative_to(ROOT).parts))
    functions = [function for path in files for function in functions_of(path)]
    broken = [*figures(functions), *offenders(functions), *long_files(files)]
    sys.stdout.write("\n".join(broken) + ("\n" if broken else "every figure within the limits\n"))
    return 1 if broken else 0


def figures(functions: list[Function]) -> Iterator[str]:
    """Prints the three figures and yields those that are off."""
    lines = [function.lines for function in functions]
    share = sum(n <= MOST_LINES for n in lines) / len(lines)
    typed = sum(function.is_typed for function in functions) / len(functions)
    sys.stdout.write(
        f"{len(functions)} functions, median {median(lines):g} lines (≤ {MOST_MEDIAN}), "
        f"{share:.1%} ≤ {MOST_LINES} lines (≥ {SHARE_WITHIN:.0%}), {typed:.1%} typed, "
        f"longest {max(lines)}\n"
    )
    if median(lines) > MOST_MEDIAN:
        yield f"median function {median(lines)} lines"
    if share < SHARE_WITHIN:
        yield f"only {share:.1%} of functions within {MOST_LINES} lines"


def offenders(functions: list[Function]) -> Iterator[str]:
    """Functions without types, and callbacks that are too long or write too much."""
    for function in functions:
        if not function.is_typed:
            yield f"not fully typed: {function.where} {function.name}"
        if function.outputs is None:
            continue
        if function.lines > MOST_CALLBACK:
            yield f"callback of {function.lines} lines: {function.where} {function.name}"
        if function.outputs > MOST_OUTPUTS:
            yield f"callback with {function.outputs} outputs: {function.where} {function.name}"


def long_files(files: list[Path]) -> Iterator[str]:
    """Files over the limit."""
    for path in files:
        count = path.read_text().count("\n")
        if count > MOST_FILE:
            yield f"file of {count} lines: {path.relative_to(ROOT)}"


def functions_of(path: Path) -> Iterator[Function]:
    """Every function of a file, methods and nested ones too."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, type_of_function):
            where = f"{path.relative_to(ROOT)}:{node.lineno}"
            yield Function(where, node.name, body_lines(node), is_typed(node), outputs_of(node))


def body_lines(node: type_of_function) -> int:
    """Signature and body without the docstring; decorators do not count."""
    doc = ast.get_docstring(node, clean=False)
    return (node.end_lineno or 0) - node.lineno + 1 - (len(doc.split("\n")) if doc else 0)


def is_typed(node: type_of_function) -> bool:
    """Whether every parameter and the return carry a type."""
    arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
    named = [argument for argument in arguments if argument.arg not in {"self", "cls"}]
    return node.returns is not None and all(argument.annotation for argument in named)


def outputs_of(node: type_of_function) -> int | None:
    """How many outputs a callback writes; None for any other function."""
    for decorator in node.decorator_list:
        if isinstance(decorator, ast.Call) and ast.unparse(decorator.func) == "wiring.on":
            return sum(
                isinstance(part, ast.Call) and ast.unparse(part.func).endswith("Output")
                for part in decorator.args
            )
    return None


if __name__ == "__main__":
    raise SystemExit(main())
