/** Of the style below, for the page's policy; a test says when it has to follow. */
export const styleHash = "sha256-iQdGDwHRG2cp7wDIzmzEdeI2k243KGmMfq4EjFzErjs=";

/** Of all sizes and both colour schemes; what the script sets are custom properties and sizes. */
export const pageStyle = `
:root {
  --page: #fff; --text: #1b1f24; --quiet: #59636e; --edge: #d1d9e0; --raised: #f6f8fa; --accent: #0550ae;
  --first: #0550ae; --second: #9a3b00; --special: #59636e; --shade: 9, 105, 218; --cell: 16px; --row: 1.6rem;
  font: 15px/1.5 system-ui, "Segoe UI", "Noto Sans", "DejaVu Sans", sans-serif;
  color: var(--text); background: var(--page);
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #0d1117; --text: #e6edf3; --quiet: #9aa4af; --edge: #3d444d; --raised: #161b22; --accent: #79c0ff;
    --first: #79c0ff; --second: #ffb077; --special: #9aa4af; --shade: 56, 139, 253;
  }
}
* { box-sizing: border-box; }
[hidden] { display: none !important; }
body { margin: 0; }
header, main { padding: 0 1.25rem; }
h1 { font-size: 1.5rem; margin: 1rem 0 0; overflow-wrap: anywhere; }
h2 { font-size: 1.05rem; margin: 0; }
.hint, #facts { color: var(--quiet); margin: 0.15rem 0 0.6rem; font-size: 0.87rem; }
button, select {
  font: inherit; color: inherit; background: var(--raised); border: 1px solid var(--edge); border-radius: 6px;
  padding: 0.1rem 0.55rem; min-height: 2rem; max-width: 100%;
}
:focus-visible { outline: 2px solid var(--accent); outline-offset: 1px; }
.first { color: var(--first); }
.second { color: var(--second); text-decoration: underline dotted; text-underline-offset: 0.2em; }
.special { color: var(--special); font-style: italic; }
.control { border: 1px solid currentColor; border-radius: 3px; font-size: 0.75em; padding: 0 0.2em; }
.scroll { overflow: auto; max-width: 100%; }

#choices {
  position: sticky; top: 0; z-index: 5; display: flex; flex-wrap: wrap; gap: 0.5rem 1.25rem; align-items: center;
  padding: 0.5rem 1.25rem; background: var(--page); border-bottom: 1px solid var(--edge);
}
#choices label { display: flex; gap: 0.4rem; align-items: center; min-width: 0; }
#text { min-width: 0; max-width: 24rem; }
#choices fieldset { display: flex; gap: 0.4rem; align-items: center; border: 0; margin: 0; padding: 0; min-width: 0; }
#choices legend { float: left; padding: 0; margin-inline-end: 0.4rem; }
#heads { display: flex; flex-wrap: wrap; gap: 0.2rem; }
#heads label { position: relative; gap: 0; cursor: pointer; }
#heads input { position: absolute; inset: 0; opacity: 0; margin: 0; }
#heads span {
  min-width: 1.75rem; padding: 0.1rem 0.25rem; text-align: center; font-variant-numeric: tabular-nums;
  border: 1px solid var(--edge); border-bottom: 3px solid var(--head); border-radius: 4px;
}
#heads input:checked + span { background: var(--head); color: var(--page); border-color: var(--head); }
#heads input:focus-visible + span { outline: 2px solid var(--accent); outline-offset: 1px; }

main { display: grid; gap: 1.75rem; padding-block: 1rem 3rem; grid-template-columns: minmax(0, 1fr); }
@media (min-width: 64rem) { main { grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); } }
section { min-width: 0; }

#overview { display: grid; gap: 3px; justify-content: start; width: max-content; padding: 3px; }
#overview > span { color: var(--quiet); font-size: 0.75rem; place-self: center; padding: 0 0.3rem; }
#overview button { padding: 0; min-height: 0; border: 0; border-radius: 2px; background: none; line-height: 0; cursor: pointer; }
#overview canvas { width: var(--thumbnail); height: var(--thumbnail); border-radius: 2px; outline: 1px solid var(--edge); }
#overview button[aria-pressed="true"] { box-shadow: 0 0 0 3px var(--second); }

#texts p { white-space: pre-wrap; margin: 0 0 0.3rem; overflow-wrap: anywhere; max-height: 9rem; overflow: auto; }
mark { background: rgba(var(--shade), 0.3); color: inherit; border-radius: 3px; }
#tokens { display: flex; flex-wrap: wrap; gap: 3px; max-height: 16rem; overflow: auto; padding: 3px; }
#tokens button {
  --weight: 0; min-height: 1.7rem; padding: 0 0.35rem; border-color: transparent; border-radius: 4px; max-width: 100%;
  overflow: hidden; text-overflow: ellipsis; white-space: pre;
  background: linear-gradient(rgba(var(--shade), var(--weight)), rgba(var(--shade), var(--weight))), var(--raised);
}
#tokens button[aria-pressed="true"], #tokens button.active { border-color: var(--text); }
#chosen { min-height: 3em; margin: 0.4rem 0; font-size: 0.87rem; overflow-wrap: anywhere; }
table { border-collapse: collapse; font-size: 0.87rem; width: 100%; max-width: 36rem; }
caption { text-align: start; color: var(--quiet); padding-bottom: 0.2rem; }
th, td { text-align: start; padding: 0.1rem 0.4rem; border-bottom: 1px solid var(--edge); font-weight: normal; }
thead th { color: var(--quiet); }
thead th:nth-child(2) { width: 4rem; }
thead th:nth-child(n + 3) { width: 30%; }
td { font-variant-numeric: tabular-nums; }
td.bar { background: linear-gradient(rgba(var(--shade), 0.3), rgba(var(--shade), 0.3)) 0 / var(--share) 100% no-repeat; }
tbody th { max-width: 12rem; overflow: hidden; text-overflow: ellipsis; white-space: pre; }

.legend { white-space: nowrap; }
#legend { width: 7rem; height: 0.7rem; vertical-align: baseline; outline: 1px solid var(--edge); }
.buttons { display: flex; gap: 0.4rem; align-items: center; margin: 0 0 0.5rem; }
#readout { font-size: 0.87rem; min-width: 0; overflow-wrap: anywhere; min-height: 3em; display: flex; align-items: center; }
#map {
  display: grid; grid-template-columns: max-content max-content; justify-content: start; max-height: 85vh; width: fit-content;
  scroll-padding: 8rem 2rem 2rem 8rem;
}
#map .corner { position: sticky; top: 0; left: 0; z-index: 3; background: var(--page); }
#columns { display: flex; position: sticky; top: 0; z-index: 2; background: var(--page); align-items: flex-end; }
#rows { position: sticky; left: 0; z-index: 1; background: var(--page); }
#columns > span, #rows > span {
  display: block; overflow: hidden; white-space: pre; text-overflow: ellipsis; font-size: min(0.8rem, calc(var(--cell) * 0.85));
  line-height: var(--cell); max-width: 7.5rem;
}
#rows > span { height: var(--cell); padding-inline-end: 0.35rem; text-align: right; }
#columns > span {
  width: var(--cell); max-height: 7.5rem; padding-block: 0; padding-inline: 0.35rem 0; text-decoration: none;
  writing-mode: vertical-rl; text-orientation: sideways; transform: rotate(180deg);
}
#map.bare #columns > span, #map.bare #rows > span { font-size: 0; padding: 0; }
#map.bare .control { display: none; }
#map .active { background: rgba(var(--shade), 0.3); }
#cells { position: relative; line-height: 0; touch-action: pan-x pan-y; }
#cells canvas { image-rendering: pixelated; outline: 1px solid var(--edge); outline-offset: -1px; cursor: crosshair; }
#across, #down, #cell { position: absolute; pointer-events: none; visibility: hidden; }
#across, #down { outline: 1px solid var(--quiet); outline-offset: -1px; }
#cell { outline: 2px solid var(--second); outline-offset: -1px; }

#lines { display: grid; grid-template-columns: minmax(0, max-content) minmax(4rem, 16rem) minmax(0, max-content); }
#lines ol { list-style: none; margin: 0; padding: 0; min-width: 0; }
#lines li {
  --weight: 0; height: var(--row); line-height: var(--row); padding: 0 0.4rem; overflow: hidden; text-overflow: ellipsis;
  white-space: pre; border-radius: 4px; background: rgba(var(--shade), var(--weight)); cursor: default;
}
#queries li { text-align: right; }
#keys li { text-align: left; }
#lines li.active { box-shadow: inset 0 0 0 1px var(--text); }
#lines canvas { width: 100%; height: 0; }

@media (prefers-reduced-motion: no-preference) {
  #tokens button, #lines li { transition: background-color 80ms; }
}
@media (max-width: 40rem) {
  header, main, #choices { padding-inline: 0.75rem; }
  #choices { position: static; }
  #rows > span { max-width: 5rem; }
  #columns > span { max-height: 5rem; }
}
@media print { #choices { position: static; } .scroll, #tokens, #texts p { max-height: none; overflow: visible; } }
`;
