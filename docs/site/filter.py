#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What Doxygen reads in place of a file: the doc comments of the headers and the pages, in its own markup.

    filter.py FILE

In a doc comment a line that is set in is a formula or code, a word in front of a wide gap (Inputs, Errors, Source) begins
a paragraph of that name, and within it another word in front of a gap an item. A page's links to other pages and to
headings become Doxygen's references, which are checked.
"""
import pathlib
import re
import sys

root = pathlib.Path(__file__).resolve().parents[2]
labels = ("Accuracy", "Cost", "Errors", "Group", "Input", "Inputs", "Options", "Output", "Outputs", "Source", "Space", "State")
label = re.compile(rf"({'|'.join(labels)})(  +|: +)(?=\S)")
item = re.compile(r"(\S+(?:[ ,]+\S+)*?)   *(?=\S)")


def plain(text):
    """Prose without links from words that begin a sentence and are names of classes, too."""
    return re.sub(r"(?<![\w:%])(During|Given|List|Outside|Over|Parallel|Report|State|With|Within)(?![\w:<{(])", r"%\1", text)


def escaped(text):
    """Prose, in which Doxygen has nothing to find but `code` and what is in quotes."""
    parts = re.split(r"""(`[^`]*`|"[^"]*(?:"|$))""", text)
    parts[0::2] = [plain(re.sub(r"([\\@<>#|*_~])", r"\\\1", part.replace("&", "&amp;"))) for part in parts[0::2]]
    return "".join(parts)


def doc(lines):
    """One doc comment, without its slashes, as Doxygen's."""
    out, column, listed = [], 0, False

    def shown(n):
        """Whether line n is set in, and so a formula."""
        return re.match(r"  +\S", lines[n]) is not None

    n = 0
    while n < len(lines):
        line = lines[n]
        found = label.match(line)
        if found:
            column = found.end()
            out += ["", f"@par {found[1]}"]
            rest = line[column:]
        elif column and line.startswith("  "):
            rest = line[min(column, len(line) - len(line.lstrip())):]
        else:
            rest = None
        if rest is not None:
            entry = item.match(rest) if found is None or found[1] in ("Inputs", "Input", "Options", "Output", "Outputs") else None
            if rest.startswith(" "):
                out.append("  " + escaped(rest.strip()))
            elif entry:
                out.append(f"- `{entry[1]}`: {escaped(rest[entry.end():])}")
            else:
                out.append(escaped(rest))
            n += 1
            continue
        column = 0
        listed = line.startswith("- ") or (listed and line != "")
        if shown(n) and not listed:
            block = []
            while n < len(lines) and (shown(n) or (not lines[n].strip() and n + 1 < len(lines) and shown(n + 1))):
                block.append(lines[n])
                n += 1
            out += ["", "@verbatim"] + [one[2:] for one in block] + ["@endverbatim", ""]
            continue
        out.append(escaped(line))
        n += 1
    return out


def header(text, first=()):
    """A header's comments; `first` begins the first of them."""
    opened = re.findall(r"^namespace eigenguide \{.*", text, flags=re.M)
    if opened and all(re.search(r" namespace (detail|kernel) \{", line) for line in opened):
        return ""
    # The namespace named after a unit's flags is no part of a name.
    text = re.sub(r"^namespace eigenguide \{ inline namespace EIGENGUIDE_BUILD \{((?: namespace \w+ \{)*)",
                  lambda found: "namespace eigenguide" + "".join("::" + name for name in re.findall(r"namespace (\w+)", found[1])) + " {",
                  text, flags=re.M)
    text = re.sub(r"^\}\}+(?=  // namespace)", "}", text, flags=re.M)
    # What every method has (method/link.hpp) is said once.
    text = re.sub(r"(?m)^  (?=template <class Self, class Visit>|static constexpr const char\* name |enum Vector |using Vectors |void validate\(\))",
                  "  /// @private\n  ", text)
    out, block, first = [], [], list(first)
    for line in text.split("\n") + [""]:
        found = re.match(r"\s*/// ?(.*)$", line)
        if found and found[1] != "@private" and not found[1].startswith("<"):
            block.append(found[1])
            continue
        if block:
            out += ["/**", *first, *doc(block), "*/"]
            first, block = [], []
        code, mark, comment = line.partition("///<")
        out.append(code + mark + " " + escaped(comment.strip()) if mark else line)
    return "\n".join(out)


def c_header(text):
    """The C header's comments, as the others'."""
    text = re.sub(r"/\* SPDX.*?\*/", "", text)
    text = re.sub(r"(?m)(?<=[;,\w])( +)/\* (.*?) \*/$", r"\1///< \2", text)
    return header(re.sub(r"(?ms)^( *)/\* (.*?) ?\*/$", lambda found: "\n".join(
        found[1] + "/// " + re.sub(r"^ *\* ?", "", one) for one in found[2].split("\n")), text), first=["@file"])


def anchor(heading):
    """GitHub's, of a heading."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def page_name(path):
    """readme, start, bench-readme."""
    parts = path.resolve().relative_to(root).with_suffix("").parts
    return "-".join(part.lower() for part in parts if part != "docs")


def page(path, text):
    name = page_name(path)

    def link(found):
        target, _, heading = found[1].partition("#")
        if re.match(r"https?:", target):
            return found[0]
        if target.endswith(".png"):
            return f"]({pathlib.Path(target).name})"
        to = page_name(path.parent / target) if target else name
        return f"](@ref {to}-{heading})" if heading else f"](@ref {'index' if to == 'readme' else to})"

    out, fenced, backslash = [], False, "\\"
    for line in text.split("\n"):
        if line.startswith("```"):
            fenced = not fenced
            line = re.sub(r"^```(cpp|c|py)(thon)?$", r"```{.\1}", line)
        elif not fenced:
            # Code in a cell of a table that holds a bar.
            line = re.sub(r"`([^`]*\\\|[^`]*)`", lambda found: f"<code>{escaped(found[1].replace(backslash, ''))}</code>", line)
            parts = re.split(r"(`[^`]*`|<code>.*?</code>)", line)
            if not line.startswith("#"):
                parts[0::2] = [plain(part) for part in parts[0::2]]
            line = re.sub(r"\]\(([^)\s]+)\)", link, "".join(parts))
            heading = re.match(r"(#+) (.*)", line)
            if heading and heading[1] == "#":
                line = f"{line} {{#{'mainpage' if name == 'readme' else name}}}"
            elif heading:
                line = f"{line} {{#{name}-{anchor(heading[2])}}}"
        out.append(line)
    return "\n".join(out)


if __name__ == "__main__":
    path = pathlib.Path(sys.argv[1])
    text = path.read_text(encoding="utf-8")
    read = {".md": lambda text: page(path, text), ".h": c_header, ".dox": str}.get(path.suffix, header)
    sys.stdout.buffer.write(read(text).encode())
