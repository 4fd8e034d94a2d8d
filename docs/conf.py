"""How Sphinx makes the site; `tl-course site` calls it with build/site-sources."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

project = "Transfer learning, by doing it"
author = "The contributors to Transfer learning, by doing it"
project_copyright = "Code: Apache-2.0. Lessons: CC BY 4.0."
language = "en"
extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx.ext.githubpages",
    "docstrings",
    "headings",
]
exclude_patterns = ["_parts"]
default_role = "literal"  # docstrings have names between single backticks

# Notebooks are executed already. Nothing is fetched while reading: no require.js, no widget
# manager, no MathJax.
nb_execution_mode = "off"
nb_ipywidgets_js = {}
nb_merge_streams = True
myst_heading_anchors = 3
myst_enable_extensions = ["html_image"]

autodoc_typehints = "signature"
autodoc_inherit_docstrings = False  # Keras' own
autodoc_preserve_defaults = True
autodoc_class_signature = "mixed"
napoleon_numpy_docstring = False
napoleon_use_ivar = True
toc_object_entries_show_parents = "hide"
python_use_unqualified_type_names = True

html_theme = "furo"
html_title = project
html_static_path = ["static"]
html_css_files = ["widget.css", "site.css"]
html_js_files = ["figures.js", "scroll.js", "site.js"]
html_favicon = "static/site-icon.svg"
html_copy_source = False  # the notebooks with all their outputs
html_show_sphinx = False
html_theme_options = {}
