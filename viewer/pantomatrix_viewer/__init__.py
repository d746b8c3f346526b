"""A web page on this machine that shows motion on a character: takes (made or read), the site, the page itself."""
