"""Views, a file for each part of the menu."""
