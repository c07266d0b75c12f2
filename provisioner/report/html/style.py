"""The style of the page of a plan: light and dark, narrow and wide, and on paper. Colour only reinforces."""

from __future__ import annotations

STYLE = """
:root{color-scheme:light dark;--back:#fbfaf7;--card:#fff;--text:#22262b;--soft:#59616b;--line:#dcd9d1;--link:#0b57a4;
--come:#1a6b35;--come-back:#d9efdd;--gone:#a12622;--gone-back:#fbdcd9;--move:#7a5200;--move-back:#fff0cc;
--keep:#8a94a0;--alarm:#a12622;--alarm-text:#fff;--focus:#0b57a4}
@media(prefers-color-scheme:dark){:root{--back:#15181c;--card:#1d2126;--text:#e4e7ea;--soft:#a0a8b2;--line:#343a42;
--link:#8cbcf5;--come:#8fd8a6;--come-back:#1d3d27;--gone:#f4a19b;--gone-back:#4a2020;--move:#f0c469;--move-back:#3b3014;
--keep:#6d7782;--alarm:#8c2420;--alarm-text:#fff;--focus:#8cbcf5}}
*{box-sizing:border-box}
[hidden]{display:none!important}
html{font:100%/1.5 system-ui,sans-serif;background:var(--back);color:var(--text)}
body{max-width:84rem;margin:0 auto;padding:0 1rem 3rem;overflow-wrap:anywhere}
a{color:var(--link)}
:focus-visible{outline:3px solid var(--focus);outline-offset:1px;border-radius:3px}
h1{font-size:1.5rem;line-height:1.25;margin:1.25rem 0 .25rem;unicode-bidi:isolate}
h2{font-size:1.2rem;margin:2.25rem 0 .5rem}
h3{font-size:1.05rem;margin:1.25rem 0 .25rem}
p{margin:.35rem 0;max-width:80ch}
small,.soft,.keys,.where,.names{color:var(--soft)}
small{font-size:.85em}
code,pre,kbd,del,ins,.address,.where,.symbol,.calls li{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
code,kbd{background:var(--line);color:var(--text);padding:.05rem .35rem;border-radius:.25rem;font-size:.85em}
pre{font-size:.82rem;line-height:1.4;background:var(--card);border:1px solid var(--line);border-radius:.4rem;
padding:.75rem;overflow:auto;overflow-wrap:normal;max-height:80vh}
del,ins{text-decoration:none;font-size:.88rem;padding:0 .25rem;border-radius:.2rem;unicode-bidi:isolate}
del{background:var(--gone-back);color:var(--gone)}
ins{background:var(--come-back);color:var(--come)}
.counts{display:flex;flex-wrap:wrap;gap:.4rem}
.count{padding:.1rem .6rem;border-radius:1rem;border:1px solid var(--line);background:var(--card);font-size:.9rem}
.count.delete,.delete>summary .symbol{color:var(--gone)}
.count.update,.update>summary .symbol{color:var(--move)}
.count.create,.create>summary .symbol{color:var(--come)}
.alarm{background:var(--alarm);color:var(--alarm-text);padding:.6rem .9rem;border-radius:.4rem;font-weight:600;
margin:.75rem 0}
form{display:flex;flex-wrap:wrap;gap:.5rem 1rem;align-items:center;position:sticky;top:0;background:var(--back);
padding:.5rem 0;border-bottom:1px solid var(--line);z-index:2;font-size:.9rem}
input[type=search],select,button{font:inherit;color:inherit;background:var(--card);border:1px solid var(--keep);
border-radius:.3rem;padding:.25rem .5rem;max-width:100%}
input[type=search]{width:15rem}
select{max-width:14rem}
#found{margin:0 0 0 auto}
.keys{margin:0;font-size:.8rem}
.change{border-bottom:1px solid var(--line);scroll-margin-top:5rem}
.change>summary{display:flex;flex-wrap:wrap;gap:0 .75rem;align-items:baseline;padding:.3rem .25rem;cursor:pointer;
list-style:none;scroll-margin:6rem}
.change>summary::-webkit-details-marker{display:none}
.change>summary:hover{background:var(--card)}
.symbol{width:1ch;text-align:center}
.address{font-size:.92rem;font-weight:600;unicode-bidi:isolate}
.called{font-size:.92rem;unicode-bidi:isolate}
.names{font-size:.88rem}
.where{font-size:.82rem;unicode-bidi:isolate}
summary .where{margin-left:auto}
.mark{font-style:normal;font-size:.8rem;font-weight:600;color:var(--alarm-text);background:var(--alarm);
padding:0 .45rem;border-radius:.7rem}
.body{padding:.1rem 0 .75rem 1.75rem;font-size:.92rem}
.bad{color:var(--gone)}
table{border-collapse:collapse;margin:.4rem 0}
th,td{text-align:left;vertical-align:top;padding:.2rem .9rem .2rem 0;font-size:.9rem;unicode-bidi:isolate}
th{font-weight:600}
.body th{font-weight:400;color:var(--soft);white-space:nowrap}
.plain{background:var(--card);border:1px solid var(--line)}
.plain th,.plain td{padding:.3rem .6rem;border-top:1px solid var(--line);min-width:4rem}
.scroll{overflow:auto;max-height:80vh;background:var(--card);border:1px solid var(--line);border-radius:.4rem;
padding:.5rem}
.scroll{overflow-wrap:normal}
.scroll>.plain{border:0;margin:0;width:100%}
.scroll>svg{display:block;max-width:none}
.calls li{font-size:.84rem;padding:.1rem 0}
.weeks{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,26rem),1fr));gap:1rem}
figure{margin:0;background:var(--card);border:1px solid var(--line);border-radius:.4rem;padding:.6rem;min-width:0}
figure table{display:block;overflow:auto}
figure .plain th,figure .plain td{min-width:3rem;padding:.2rem .4rem;font-size:.8rem}
figcaption,figure summary{font-size:.88rem}
figure svg{display:block;width:100%;height:auto;margin:.4rem 0}
svg text{fill:var(--text);font:9px system-ui,sans-serif}
.day{text-anchor:middle}
svg .hour{text-anchor:end;font-size:8px;fill:var(--soft)}
.line{stroke:var(--line);stroke-width:.5;fill:none}
rect.now,rect.kept{fill:var(--keep);opacity:.55}
rect.gone{fill:var(--gone);stroke:var(--gone);stroke-dasharray:2 1}
rect.come{fill:var(--come);stroke:var(--come)}
.key{font-size:.85rem}
.key i{display:inline-block;width:.9em;height:.9em;border-radius:.2em;margin:0 .15em 0 .6em;vertical-align:-.1em}
.key .kept{background:var(--keep);opacity:.55}.key .gone{background:var(--gone)}.key .come{background:var(--come)}
.node text{font:12px ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
.node rect{fill:var(--back);stroke:var(--keep)}
.node.delete rect{stroke:var(--gone);stroke-dasharray:4 2}
.node.create rect{stroke:var(--come)}
.node.update rect{stroke:var(--move)}
.node:hover rect,.node:focus rect{stroke-width:2.5}
.edge{stroke:var(--keep);fill:none;opacity:.7}
@media(max-width:40rem){
form{position:static}
#found{margin:0}
input[type=search]{width:100%}
form label:first-child{width:100%}
.keys{display:none}
.body{padding-left:.5rem}
.body>table,.body>table>tbody,.body>table>tbody>tr,.body>table>tbody>tr>*{display:block}
.body>table td{overflow:auto}
.scroll>table,.scroll>table>tbody,.scroll>table>tbody>tr,.scroll>table>tbody>tr>*{display:block}
.scroll{overflow-wrap:anywhere}
.scroll tr{padding:.3rem 0;border-top:1px solid var(--line)}
.scroll tr:first-child,.scroll th,.scroll td{border:0}
.scroll .head,.scroll td:empty{display:none}
.scroll td,.scroll th{padding:.1rem .3rem}
.scroll td[data-label]::before{content:attr(data-label) ": ";color:var(--soft)}
.change>summary{display:grid;grid-template-columns:1.5ch 1fr;gap:0 .4rem}
.change>summary>*{grid-column:2;justify-self:start;margin:0}
.change>summary>.symbol{grid-column:1}
}
@media print{
:root{--back:#fff;--card:#fff;--text:#000;--soft:#444;--line:#bbb;--alarm:#fff;--alarm-text:#a12622}
form,#text,.keys{display:none}
body{max-width:none;padding:0;font-size:10pt}
.alarm,.mark{border:2px solid #a12622}
.change,figure,tr{break-inside:avoid}
.scroll,pre{max-height:none;overflow:visible}
h2{break-after:avoid}
}
"""
