"use strict";
// Adds to a page that is whole without it: sorting, filtering, the choice of a map, values under the pointer.
(() => {
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const make = (name, properties = {}, ...children) => {
    const element = Object.assign(document.createElement(name), properties);
    element.append(...children);
    return element;
  };

  // Numbers as people read them: "1,234.50", "12.3 %", "−0.5", "inf". NaN for what is none.
  const number = (text) => {
    const plain = text.trim().replace(/,/g, "").replace(/\u2212/g, "-").replace(/\s*%$/, "");
    if (plain === "inf" || plain === "-inf") return plain === "inf" ? Infinity : -Infinity;
    return plain === "" ? NaN : Number(plain);
  };

  const sortable = (table) => {
    const body = table.tBodies[0];
    const rows = [...body.rows];
    const cells = rows.map((row) => [...row.cells].map((cell) => cell.textContent));
    const heads = [...table.tHead.rows[0].cells];
    let shown = rows.map((_, place) => place);
    let order = shown;
    const draw = () => {
      const wanted = new Set(shown);
      body.replaceChildren(...order.filter((place) => wanted.has(place)).map((place) => rows[place]));
    };
    const sort = (column) => {
      const rising = heads[column].getAttribute("aria-sort") === "descending";
      heads.forEach((head) => head.removeAttribute("aria-sort"));
      heads[column].setAttribute("aria-sort", rising ? "ascending" : "descending");
      const values = cells.map((row) => number(row[column]));
      const numeric = values.filter((value) => !Number.isNaN(value)).length * 2 > values.length;
      const sign = rising ? 1 : -1;
      const compare = (a, b) => {
        if (!numeric) return sign * cells[a][column].localeCompare(cells[b][column]);
        const [x, y] = [values[a], values[b]];
        // What is no number stands last either way.
        if (Number.isNaN(x) || Number.isNaN(y)) return Number.isNaN(x) - Number.isNaN(y);
        return sign * (x < y ? -1 : x > y ? 1 : 0);
      };
      order = rows.map((_, place) => place).sort((a, b) => compare(a, b) || a - b);
      draw();
    };
    heads.forEach((head, column) => {
      const button = make("button", { type: "button" }, ...head.childNodes);
      button.addEventListener("click", () => sort(column));
      head.append(button);
    });
    const names = heads.map((head) => (head.dataset.name || "").toLowerCase());
    const tests = {
      "=": (a, b) => a === b, "!=": (a, b) => a !== b, "<": (a, b) => a < b,
      "<=": (a, b) => a <= b, ">": (a, b) => a > b, ">=": (a, b) => a >= b,
    };
    // "top_n = 1 sharpe > 0.8 word": conditions on columns, and words that a row must hold.
    const condition = (text) => {
      const parts = [];
      const rest = text.toLowerCase().replace(/([^\s<>=!]+)\s*(<=|>=|!=|=|<|>)\s*([^\s<>=!]+)/g, (whole, name, sign, value) => {
        const column = names.indexOf(name);
        if (column < 0) return whole;
        const wanted = number(value);
        parts.push((row) => {
          const found = number(row[column]);
          return Number.isNaN(wanted) || Number.isNaN(found)
            ? tests[sign](row[column].toLowerCase(), value) && !(Number.isNaN(found) && !Number.isNaN(wanted))
            : tests[sign](found, wanted);
        });
        return " ";
      });
      const words = rest.replace(/[,%]/g, " ").split(/\s+/).filter((word) => word && word !== "and");
      words.forEach((word) => parts.push((row) => row.some((cell) => cell.toLowerCase().includes(word))));
      return (row) => parts.every((part) => part(row));
    };
    const input = document.querySelector(`[data-filters="${CSS.escape(table.id)}"]`);
    if (input) {
      const said = input.parentElement.querySelector("output");
      input.parentElement.hidden = false;
      input.addEventListener("input", () => {
        const holds = condition(input.value);
        shown = rows.map((_, place) => place).filter((place) => holds(cells[place]));
        said.textContent = shown.length === rows.length ? "" : `${shown.length} of ${rows.length} rows`;
        draw();
      });
    }
    const command = document.querySelector(`[data-commands-of="${CSS.escape(table.id)}"] code`);
    const choose = (row) => {
      all("tr.chosen", body).forEach((other) => other.classList.remove("chosen"));
      row.classList.add("chosen");
      command.textContent = row.dataset.command;
    };
    if (command) {
      body.addEventListener("click", (event) => {
        const row = event.target.closest("tr[data-command]");
        if (row) choose(row);
      });
    }
  };
  all("table.sortable").forEach(sortable);

  // Maps: one of each axes, metric and slice is shown; selects choose which.
  all(".maps").forEach((maps) => {
    const choices = all(".map", maps);
    if (choices.length < 2) return;
    all("details", maps).forEach((details) => details.replaceWith(...all(".map", details)));
    const kinds = [["axes", "Axes"], ["metric", "Figure"], ["slice", "Other axes"]];
    const selects = {};
    const bar = make("div", { className: "choices" });
    for (const [kind, name] of kinds) {
      const values = [...new Set(choices.map((map) => map.dataset[kind]))];
      if (values.length < 2) continue;
      const select = make("select", {}, ...values.map((value) => make("option", { value, textContent: value })));
      select.dataset.kind = kind;
      select.addEventListener("change", () => show(kind));
      selects[kind] = select;
      bar.append(make("label", {}, name, select));
    }
    const wanted = (map, kind) => !selects[kind] || map.dataset[kind] === selects[kind].value;
    const show = (changed) => {
      const fit = (map) => kinds.filter(([kind]) => wanted(map, kind)).length + (wanted(map, changed) ? 10 : 0);
      const best = choices.reduce((a, b) => (fit(b) > fit(a) ? b : a));
      choices.forEach((map) => { map.hidden = map !== best; });
      for (const kind in selects) selects[kind].value = best.dataset[kind];
    };
    maps.prepend(bar);
    show("axes");
  });

  // Values under the pointer, and by arrow keys.
  const split = (text) => (text === undefined ? [] : text.split("|"));
  all(".plot").forEach((plot) => {
    const { kind } = plot.dataset;
    const labels = split(plot.dataset.labels);
    const series = all("[data-values]", plot).map((one) => [one.dataset.name, split(one.dataset.values)]);
    const columns = kind === "map" ? Number(plot.dataset.columns) : labels.length;
    const rows = kind === "map" ? Number(plot.dataset.rows) : 1;
    if (columns === 0) return;
    const rowLabels = split(plot.dataset.rowsLabels);
    const values = split(plot.dataset.values);
    const tip = make("div", { className: "tip", hidden: true });
    const cursor = make("div", { className: "cursor", hidden: true });
    plot.append(cursor, tip);
    plot.tabIndex = 0;
    let [column, row] = [columns - 1, rows - 1];
    const text = () => {
      if (kind === "map") {
        const { x, y, name } = plot.dataset;
        const where = y ? `${x} = ${labels[column]}\n${y} = ${rowLabels[row]}` : `${x} = ${labels[column]}`;
        return `${where}\n${name}: ${values[row * columns + column]}`;
      }
      const lines = series.filter(([, said]) => said[column]).map(([name, said]) => `${name}: ${said[column]}`);
      return [labels[column], ...lines.reverse()].join("\n");
    };
    const show = () => {
      const box = plot.getBoundingClientRect();
      const share = kind === "line" ? column / Math.max(columns - 1, 1) : (column + 0.5) / columns;
      tip.textContent = text();
      tip.hidden = false;
      cursor.hidden = kind === "map";
      cursor.style.left = `${share * 100}%`;
      const x = share * box.width;
      const left = x + 12 + tip.offsetWidth > box.width ? x - 12 - tip.offsetWidth : x + 12;
      const y = kind === "map" ? (1 - (row + 0.5) / rows) * box.height + 14 : 16;
      tip.style.left = `${Math.max(0, Math.min(left, box.width - tip.offsetWidth))}px`;
      tip.style.top = `${Math.min(y, Math.max(0, box.height - tip.offsetHeight))}px`;
    };
    const hide = () => { tip.hidden = true; cursor.hidden = true; };
    const at = (event) => {
      const box = plot.getBoundingClientRect();
      const inside = (share, count) => Math.min(count - 1, Math.max(0, Math.floor(share * count)));
      const across = (event.clientX - box.left) / box.width;
      column = kind === "line" ? Math.round(Math.min(1, Math.max(0, across)) * (columns - 1)) : inside(across, columns);
      row = inside(1 - (event.clientY - box.top) / box.height, rows);
      show();
    };
    plot.addEventListener("pointermove", at);
    plot.addEventListener("pointerdown", at);
    plot.addEventListener("pointerleave", hide);
    plot.addEventListener("blur", hide);
    plot.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
      if (event.key === "Escape") hide();
      if (!step || (step[1] && kind !== "map")) return;
      event.preventDefault();
      if (!tip.hidden) {
        column = Math.min(columns - 1, Math.max(0, column + step[0]));
        row = Math.min(rows - 1, Math.max(0, row + step[1]));
      }
      show();
    });
  });
  document.documentElement.dataset.ready = "yes";
})();
