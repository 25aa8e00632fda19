"use strict";
// One cursor on every plot that shares the take's clock. Without this script the page still shows the moment
// that matters; with it, the pointer, the slider and the arrow keys move that moment.
(() => {
  const source = document.getElementById("moments");
  const scrub = document.getElementById("scrub");
  if (!source || !scrub) return;
  const { time_s: times, rows, start } = JSON.parse(source.textContent);
  const values = [...document.querySelectorAll("#readout dd")];
  const plots = [...document.querySelectorAll("svg.timeplot")].map((svg) => {
    const number = (name) => Number(svg.dataset[name]);
    return {
      svg,
      cursor: svg.querySelector(".cursor"),
      firstS: number("firstS"), lastS: number("lastS"),
      firstPx: number("firstPx"), lastPx: number("lastPx"),
    };
  });

  const nearest = (time) => {
    let low = 0, high = times.length - 1;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (times[middle] <= time) low = middle; else high = middle;
    }
    return time - times[low] <= times[high] - time ? low : high;
  };

  const show = (index) => {
    scrub.value = times[index];
    scrub.setAttribute("aria-valuetext", rows[0][index]);
    rows.forEach((said, k) => { values[k].textContent = said[index]; });
    for (const plot of plots) {
      const share = (times[index] - plot.firstS) / (plot.lastS - plot.firstS);
      const x = plot.firstPx + share * (plot.lastPx - plot.firstPx);
      plot.cursor.style.visibility = share < 0 || share > 1 ? "hidden" : "visible";
      plot.cursor.setAttribute("x1", x);
      plot.cursor.setAttribute("x2", x);
    }
  };

  for (const plot of plots) {
    const follow = (event) => {
      const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(plot.svg.getScreenCTM().inverse());
      const share = (point.x - plot.firstPx) / (plot.lastPx - plot.firstPx);
      if (share >= 0 && share <= 1) show(nearest(plot.firstS + share * (plot.lastS - plot.firstS)));
    };
    plot.svg.addEventListener("pointermove", follow);
    plot.svg.addEventListener("pointerdown", follow);
  }
  scrub.addEventListener("input", () => show(nearest(Number(scrub.value))));
  document.documentElement.classList.add("live");
  show(start);
})();
