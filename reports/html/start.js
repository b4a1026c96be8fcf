"use strict";
// Runs before the page is drawn: what only a script can fill is hidden without one.
document.documentElement.classList.add("js");
addEventListener("error", () => document.documentElement.classList.remove("js"));
