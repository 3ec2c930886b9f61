// What a person would do with the report; run behind the page's own script.
"use strict";
{
const steps = [];
const rows = () => document.querySelectorAll("#list li").length;
const picked = () => document.querySelector("#list [aria-selected=true]")?.textContent ?? "";
const key = (name) => dispatchEvent(new KeyboardEvent("keydown", { key: name, bubbles: true }));
const step = (name, holds) => steps.push((holds ? "holds: " : "DOES NOT HOLD: ") + name);
const all = rows();
step("every change has a row", all === data.changes.length && all > 3);
const first = picked();
key("j");
step("j goes on", picked() !== first && picked() !== "");
step("the detail is that of the row", document.querySelector("#detail h2").textContent.startsWith(data.changes[1].name));
key("k");
step("k goes back", picked() === first);
key("1");
const without = data.changes.filter((c) => c.class !== "source").length;
step("1 hides what breaks source", rows() === without && without < all);
step("what is shown stands in the address", location.hash.includes("hide=source"));
key("1");
step("1 shows it again", rows() === all);
at("search").value = "irql tightened";
at("search").dispatchEvent(new Event("input"));
step("words filter", rows() === data.changes.filter((c) => c.reason.includes("tightened")).length && rows() > 0 && rows() < all);
at("search").value = "nothing is like this";
at("search").dispatchEvent(new Event("input"));
step("no match is said", rows() === 0 && at("detail").textContent === "No change is like that.");
at("search").value = "";
at("search").dispatchEvent(new Event("input"));
at("kind").value = "struct";
at("kind").dispatchEvent(new Event("change"));
step("kinds filter", rows() === data.changes.filter((c) => c.kind === "struct").length);
at("kind").value = "";
at("kind").dispatchEvent(new Event("change"));
pick(data.changes.findIndex((c) => c.fact === "irql.always"));
step("Rust stands before and after", document.querySelectorAll("#detail pre .gone").length > 0 && document.querySelectorAll("#detail pre .come").length > 0);
step("sides are as long as each other", [...document.querySelectorAll("#detail .pair")].slice(1).every((pair) => {
  const [before, after] = pair.querySelectorAll("pre");
  return before.children.length === after.children.length;
}));
step("prose is text, whatever is in it", document.querySelectorAll("#detail script, #list script").length === 0 && document.body.textContent.includes("<" + "/script>"));
step("the page has asked for nothing", performance.getEntriesByType("resource").length === 0);
document.body.append(make("pre", { id: "steps" }, steps.join("\n")));
}
