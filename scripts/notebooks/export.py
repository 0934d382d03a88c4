"""Makes HTML pages of executed notebooks.

Standard input: {"pages": [{"notebook", "output", "title", "home", "made", "links", "policy", "head", "foot"}, ...],
                 "names": [file names of notebooks that have a page]}
The last three are HTML, and text the others.
Formulas are left as <span class="tex" data-display="…">TeX</span>: Node draws them.
"""

import json
import os
import re
import sys
from html import escape

from bs4 import BeautifulSoup
from files import read, well_formed
from nbconvert import HTMLExporter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

TEMPLATES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "template")
LONG = 100  # cells, about 50 screens


def tex(body, display):
    return f'<span class="tex" data-display="{int(display)}">{escape(body)}</span>'


class Renderer(IPythonRenderer):
    def inline_math(self, body):
        return tex(body, display=False)

    def block_math(self, body):
        return tex(body, display=True)

    def latex_environment(self, name, body):
        return tex(f"\\begin{{{name}}}{body}\\end{{{name}}}", display=True)


def exporter(folder):
    def markdown2html(source):
        renderer = Renderer(escape=False, embed_images=True, path=folder, anchor_link_text="#")
        return MarkdownWithMath(renderer=renderer).render(source)

    return HTMLExporter(
        template_name="starlit",
        extra_template_basedirs=[TEMPLATES],
        extra_template_paths=[TEMPLATES],
        filters={"markdown2html": markdown2html},
    )


def contents(soup):
    """Fills the page's contents from its headings of the second and third level."""
    place = soup.select_one("nav.contents details")
    top = soup.new_tag("ol")
    for heading in soup.select("main :is(.words, summary) > :is(h2, h3)"):
        item = soup.new_tag("li")
        link = soup.new_tag("a", href=f"#{heading.get('id')}")
        words = [part for part in heading.strings if part.parent.get("class") != ["anchor-link"]]
        link.string = "".join(words).strip()
        item.append(link)
        last = top.find_all("li", recursive=False)
        if heading.name == "h3" and last:
            inner = last[-1].find("ol", recursive=False)
            if inner is None:
                inner = soup.new_tag("ol")
                last[-1].append(inner)
            inner.append(item)
        else:
            top.append(item)
    if top.contents:
        place.append(top)
    else:
        place.parent.decompose()


def fold(soup):
    """A long page becomes its sections, which open one by one."""
    main = soup.select_one("main")
    if len(main.select(":scope > *")) <= LONG:
        return
    part = None
    for block in main.find_all(True, recursive=False):
        heads = block.find_all("h2", recursive=False) if "words" in block.get("class", []) else []
        if not heads and part:
            part.append(block.extract())
        for head in heads:
            # What stands before the heading stays with the section before.
            before = soup.new_tag("div", attrs={"class": "words"})
            for sibling in [*head.previous_siblings][::-1]:
                before.append(sibling.extract())
            if before.get_text(strip=True):
                part.append(before) if part else block.insert_before(before)
            part = soup.new_tag("details", attrs={"class": "part"})
            block.insert_before(part)
            summary = soup.new_tag("summary")
            summary.append(head.extract())
            head.select_one(".anchor-link").decompose()  # a press opens the section already
            part.append(summary)
        if heads:
            part.append(block.extract())


def readable(soup):
    """What the page's tables lack for those who do not see it or see little of it at a time."""
    for table in soup.select(".words table"):
        table.wrap(soup.new_tag("div", attrs={"class": "html", "tabindex": "0"}))
    for head in soup.select("main th"):
        if not head.get_text(strip=True):
            head.name = "td"
    for anchor in soup.select("a.anchor-link"):
        anchor["aria-label"] = "Link to this section"


def links(soup, names):
    """Links to notebooks lead to their pages; links to other files of the project lead nowhere."""
    for link in soup.select("main a[href]"):
        href = link["href"]
        if re.match(r"[a-z]+:|#", href):
            continue
        name, hash, anchor = href.partition("#")
        # A notebook of the same name in a folder, such as its solutions, has no page.
        if os.path.normpath(name) in names:
            link["href"] = os.path.normpath(name).replace(".ipynb", ".html") + hash + anchor
        else:
            link.unwrap()


def check_pictures(soup, notebook):
    """A picture that was found stands in the page itself; one that was not is an error."""
    for picture in soup.select("main .words img[src]"):
        if not re.match("data:|https?:|//", picture["src"], re.IGNORECASE):
            sys.exit(f"{notebook}: there is no picture {picture['src']} in its folder.")


def main():
    job = json.load(sys.stdin)
    for facts in job["pages"]:
        notebook = read(facts["notebook"])
        folder = os.path.dirname(os.path.abspath(facts["notebook"]))
        html, _ = exporter(folder).from_notebook_node(notebook, {"page": facts})
        soup = BeautifulSoup(html, "html.parser")
        check_pictures(soup, facts["notebook"])
        contents(soup)
        links(soup, job["names"])
        readable(soup)
        fold(soup)
        with open(facts["output"], "w", encoding="utf-8") as file:
            file.write(well_formed(str(soup)))


main()
