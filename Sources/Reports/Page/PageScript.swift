/// The script of a page: it shows what a mark says in a box, and makes figures work by keyboard.
///
/// It contains no character that XML would read as markup, so that a page is well-formed XML too.
/// Without it the figures are the same; the browser then shows each mark's title by itself.
enum PageScript {
  static let text: StaticString = """
    "use strict";
    const tip = document.getElementById("tip");
    let shown = null;
    function hide() {
      tip.hidden = true;
      if (shown) shown.classList.remove("at");
      shown = null;
    }
    // The box stays at its mark while the page scrolls, as it does when a figure gets the focus.
    function place() {
      if (!shown) return;
      const box = shown.getBoundingClientRect(), own = tip.getBoundingClientRect();
      const x = Math.max(8, Math.min(box.left + box.width / 2 - own.width / 2,
        document.documentElement.clientWidth - own.width - 8));
      const above = box.top - own.height - 9;
      tip.style.left = x + "px";
      tip.style.top = (above > 4 ? above : box.bottom + 9) + "px";
    }
    function show(mark) {
      hide();
      shown = mark;
      mark.classList.add("at");
      tip.textContent = mark.dataset.tip;
      tip.hidden = false;
      place();
    }
    document.querySelectorAll("svg.fig").forEach(figure => {
      const marks = [...figure.querySelectorAll(".hot")];
      marks.forEach(mark => {
        const title = mark.querySelector("title");
        mark.dataset.tip = title.textContent;
        title.remove();
        mark.addEventListener("pointerenter", () => show(mark));
        mark.addEventListener("pointerleave", hide);
      });
      if (!marks.length) return;
      // One stop for the tabulator, arrows within.
      figure.tabIndex = 0;
      let at = -1;
      figure.addEventListener("keydown", event => {
        const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
        if (event.key === "Escape") { hide(); at = -1; }
        if (!step) return;
        event.preventDefault();
        at = at >= 0 ? (at + step + marks.length) % marks.length
          : step > 0 ? 0 : marks.length - 1;
        show(marks[at]);
        marks[at].scrollIntoView({ block: "nearest" });
      });
      figure.addEventListener("blur", () => { hide(); at = -1; });
    });
    addEventListener("scroll", place, { passive: true });
    document.querySelectorAll(".series[data-arm]").forEach(one => {
      const all = [...one.closest("section, figure").querySelectorAll(".series[data-arm]")];
      one.addEventListener("pointerenter", () => all.forEach(
        e => e.classList.toggle("dimmed", e.dataset.arm !== one.dataset.arm)));
      one.addEventListener("pointerleave", () => all.forEach(e => e.classList.remove("dimmed")));
    });
    """
}
