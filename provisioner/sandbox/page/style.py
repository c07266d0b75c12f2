"""The stylesheet of the page; it asks nothing of anybody else's server."""

from __future__ import annotations

STYLE = """
:root{color-scheme:light dark;--back:#fbfaf7;--card:#fff;--text:#22262b;--soft:#5b636d;--line:#dcd9d1;--link:#0b57a4;
--open:#d9efdd;--closed:#efede7;--held:#1d5fa8;--held-text:#fff;--wait:#fff3d1;--wait-line:#9a6a00;--wait-text:#4b3500;
--warn:#8a4b00;--warn-back:#fff4e0}
@media(prefers-color-scheme:dark){:root{--back:#15181c;--card:#1d2126;--text:#e4e7ea;--soft:#a0a8b2;--line:#343a42;
--link:#8cbcf5;--open:#1f4029;--closed:#191c21;--held:#2f6fb8;--held-text:#fff;--wait:#3b3014;--wait-line:#d9a93a;
--wait-text:#f6e3b0;--warn:#f2c078;--warn-back:#33270f}}
*{box-sizing:border-box}
html{font:100%/1.5 system-ui,sans-serif;background:var(--back);color:var(--text)}
body{max-width:84rem;margin:0 auto;padding:0 1rem 3rem;overflow-wrap:anywhere}
a{color:var(--link)}
a:focus-visible,[tabindex]:focus-visible{outline:3px solid var(--link);outline-offset:2px;border-radius:2px}
.skip{position:absolute;left:-100vw}
.skip:focus{left:1rem;top:.5rem;background:var(--card);padding:.5rem 1rem;z-index:9}
header{padding:1.25rem 0 .5rem;border-bottom:1px solid var(--line);margin-bottom:1.25rem}
h1{font-size:1.6rem;line-height:1.2;margin:.25rem 0}
h2{font-size:1.2rem;margin:2.25rem 0 .5rem}
h3{font-size:1.05rem;margin:1.5rem 0 .5rem}
p{margin:.4rem 0;max-width:70ch}
.soft,caption{color:var(--soft)}
.note{background:var(--warn-back);color:var(--warn);padding:.4rem .75rem;border-radius:.4rem;display:inline-block}
code{font:.9em ui-monospace,monospace;background:var(--closed);padding:.05rem .3rem;border-radius:.25rem}
nav ul{list-style:none;display:flex;flex-wrap:wrap;gap:.25rem 1rem;padding:0;margin:.5rem 0}
.turn{display:flex;flex-wrap:wrap;gap:.5rem 1.25rem;align-items:baseline}
bdi,td,th,h1,h2,h3,h4,li{unicode-bidi:isolate}
table{border-collapse:collapse;width:100%;background:var(--card);border:1px solid var(--line)}
caption{text-align:left;font-size:.9rem;padding:.25rem 0}
th,td{text-align:left;vertical-align:top;padding:.4rem .6rem;border-top:1px solid var(--line);font-size:.92rem}
thead th{font-weight:600;color:var(--soft);border-top:0;white-space:nowrap}
tbody th{font-weight:600}
.hours{color:var(--soft);font-size:.8rem;margin:0}
.holiday{color:var(--warn);font-size:.8rem;margin:0}
ol.week,ol.held{list-style:none;margin:0;padding:0}
.day h4{font-size:.9rem;margin:0}
.today h4{text-decoration:underline;text-decoration-thickness:2px;text-underline-offset:3px}
.held li{border-left:4px solid var(--held);background:var(--held);color:var(--held-text);border-radius:.3rem;
font-size:.78rem;line-height:1.25;padding:.15rem .35rem;overflow:hidden}
.held .wait{background:var(--wait);color:var(--wait-text);border-left-color:var(--wait-line)}
.held b{font-weight:600}
.held i{font-style:normal}
.held b,.held span{display:block}
.photo{max-height:2.5rem;max-width:5rem;vertical-align:middle;margin-right:.5rem;border-radius:.25rem}
.rota{table-layout:fixed}
.key{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;padding:0;margin:.5rem 0;list-style:none;font-size:.85rem}
.key i{display:inline-block;width:1em;height:1em;border-radius:.2em;margin-right:.4em;vertical-align:-.1em;
border:1px solid var(--line)}
.key .open{background:var(--open)}.key .sure{background:var(--held)}
.key .wait{background:var(--wait);border-color:var(--wait-line)}
@media(max-width:55.99rem){
.axis,.band{display:none}
.day{border-top:1px solid var(--line);padding:.5rem 0}
.held li{margin:.25rem 0}
}
@media(max-width:47.99rem){
thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
table,tbody,tr,th,td,caption{display:block}
table{border:0;background:none}
tr{border:1px solid var(--line);border-radius:.4rem;background:var(--card);margin:.5rem 0;padding:.35rem .6rem}
tbody th,tbody td{border:0;padding:.1rem 0}
td[data-of]::before{content:attr(data-of) ": ";color:var(--soft)}
td:empty{display:none}
}
@media(min-width:56rem){
ol.week{--hour:4.4rem;display:grid;grid-template:auto auto/3.2rem repeat(7,minmax(0,1fr));background:var(--card);
border:1px solid var(--line)}
.axis,.day{display:grid;grid-template-rows:subgrid;grid-row:span 2;border-left:1px solid var(--line)}
.axis{border-left:0}
.head{padding:.4rem .5rem;border-bottom:1px solid var(--line)}
.column{position:relative;height:calc(var(--hours)*var(--hour));background:var(--closed)}
.axis .column{background:none}
.axis span{position:absolute;right:.4rem;font-size:.75rem;color:var(--soft);transform:translateY(-50%)}
.axis span:first-child{transform:none}
.band{position:absolute;left:0;right:0;background:var(--open)}
.lines{position:absolute;inset:0;background:repeating-linear-gradient(var(--line) 0 1px,transparent 1px var(--hour))}
.held li{position:absolute;border:1px solid var(--card);border-left:4px solid var(--held)}
.held li:hover{height:auto!important;z-index:1}
.held .wait{border-left-color:var(--wait-line)}
.held .brief{padding:0 .35rem;line-height:1.2}
.short b,.short span,.narrow span{overflow:hidden;white-space:nowrap;text-overflow:ellipsis}
.held i,.brief span{display:none}
}
@media print{.skip,nav{display:none}}
"""
