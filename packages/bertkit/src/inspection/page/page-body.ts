/** What the page shows before its script fills it. @param title as HTML */
export const pageBody = (title: string): string => `
<header>
  <h1 dir="auto">${title}</h1>
  <p id="facts"></p>
  <noscript><p>This page draws with JavaScript; it loads nothing.</p></noscript>
</header>
<form id="choices" aria-label="What is shown">
  <label id="text-choice">Text <select id="text"></select></label>
  <label>Layer <select id="layer"></select></label>
  <fieldset>
    <legend>Heads</legend>
    <div id="heads"></div>
    <button type="button" id="all-heads">All</button>
  </fieldset>
</form>
<main>
  <section aria-labelledby="overview-title">
    <h2 id="overview-title">Every layer and head</h2>
    <p class="hint">A row is a layer, a column a head. Choose one, or with Ctrl or Shift add heads of its layer; arrow keys move.</p>
    <div class="scroll"><div id="overview" role="group" aria-labelledby="overview-title"></div></div>
  </section>
  <section aria-labelledby="tokens-title">
    <h2 id="tokens-title">Tokens</h2>
    <p class="hint">Point at a token to see what it attends to; click to keep it, Escape to let go.
      <span class="first">First text</span>, <span class="second">second text</span>,
      <span class="special">special tokens</span>.</p>
    <div id="texts"></div>
    <div id="tokens" role="group" aria-labelledby="tokens-title"></div>
    <p id="chosen" aria-live="polite"></p>
    <table id="ranking">
      <caption></caption>
      <thead><tr><th scope="col">Token</th><th scope="col">Place</th>
        <th scope="col">Is given</th><th scope="col">Gives</th></tr></thead>
      <tbody></tbody>
    </table>
  </section>
  <section aria-labelledby="map-title">
    <h2 id="map-title">Heat map</h2>
    <p class="hint">Rows are queries, columns keys: a row sums to 1. Of several heads it is their mean.
      <span class="legend">0 <canvas id="legend" width="256" height="1" aria-hidden="true"></canvas> 1</span></p>
    <p class="buttons"><button type="button" id="smaller" aria-label="Smaller cells">−</button>
      <button type="button" id="larger" aria-label="Larger cells">+</button>
      <output id="readout" aria-live="polite"></output></p>
    <div id="map" class="scroll" tabindex="0" role="application" aria-labelledby="map-title"
      aria-roledescription="heat map: arrow keys move from cell to cell">
      <div class="corner"></div>
      <div id="columns" aria-hidden="true"></div>
      <div id="rows" aria-hidden="true"></div>
      <div id="cells"><canvas aria-hidden="true"></canvas><div id="across"></div><div id="down"></div><div id="cell"></div></div>
    </div>
  </section>
  <section aria-labelledby="lines-title">
    <h2 id="lines-title">Lines</h2>
    <p class="hint">From queries to keys, the darker the likelier; each head has its colour. Without a token, lines of 0.05 or more.</p>
    <div id="lines">
      <ol id="queries" aria-label="Queries"></ol>
      <canvas aria-hidden="true"></canvas>
      <ol id="keys" aria-label="Keys"></ol>
    </div>
  </section>
</main>
`;
