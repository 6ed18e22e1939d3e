"""Changes one key in a policy's text and leaves the rest as it was written (pure)."""

import re
from difflib import unified_diff

Value = int | float


def with_key(text: str, key: str, value: Value) -> str:
    """Return a policy's text in which a key such as `routing.margin` has a value; comments and order stay."""
    section, _, name = key.rpartition(".")
    lines = text.splitlines()
    header = re.compile(rf"\s*\[\s*{re.escape(section)}\s*\]\s*(#.*)?")
    begin = next((place for place, line in enumerate(lines) if header.fullmatch(line)), None)
    if begin is None:
        return "\n".join((*lines, "", f"[{section}]", f"{name} = {value}", ""))
    end = next((place for place in range(begin + 1, len(lines)) if lines[place].lstrip().startswith("[")), len(lines))
    assigned = re.compile(rf"(\s*{re.escape(name)}\s*=\s*)([^#\s]+)(.*)")
    for place in range(begin + 1, end):
        if found := assigned.fullmatch(lines[place]):
            lines[place] = f"{found[1]}{value}{found[3]}"
            break
    else:
        lines.insert(begin + 1, f"{name} = {value}")
    return "\n".join((*lines, ""))


def diff(before: str, after: str, name: str) -> str:
    """Return the unified diff of a policy's text; `name` is the file's."""
    lines = unified_diff(before.splitlines(keepends=True), after.splitlines(keepends=True), name, f"{name} (proposed)")
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)
