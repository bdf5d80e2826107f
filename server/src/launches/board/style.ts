/**
 * One sheet, A4 or letter: as narrow as the one and as short as the other. Only fonts that machines have; everything in
 * the millimetres of paper.
 */
export const STYLE = `
@page{size:auto;margin:9mm 10mm}
*{box-sizing:border-box;margin:0;padding:0}
html{background:#e9e7e2;-webkit-print-color-adjust:exact;print-color-adjust:exact}
body{font:8.1pt/1.32 "Helvetica Neue",Helvetica,"Liberation Sans",Arial,sans-serif;color:#1d2329;
  width:209mm;margin:8mm auto;padding:9mm 10mm;background:#fff;box-shadow:0 1px 8px #0002;
  font-variant-numeric:lining-nums tabular-nums;overflow-wrap:anywhere}
main{height:258mm;display:flex;flex-direction:column;justify-content:space-between;gap:2.6mm;overflow:hidden}
@media print{html{background:#fff}body{width:auto;max-width:190mm;margin:0 auto;padding:0;box-shadow:none}}
h1,.ask p,.figure b{font-family:"Iowan Old Style",Charter,Georgia,"Liberation Serif","Times New Roman",serif}
h1{font-size:19pt;line-height:1.08;font-weight:600;letter-spacing:-.2pt}
h2{font-size:6.6pt;letter-spacing:.7pt;text-transform:uppercase;color:#59636e;font-weight:700;
  border-bottom:.6pt solid #1d2329;padding-bottom:.7mm;margin-bottom:1.1mm;display:flex;justify-content:space-between}
h2 span{letter-spacing:0;text-transform:none;font-weight:400}
.top{display:flex;justify-content:space-between;align-items:baseline;font-size:7pt;color:#59636e}
.top b{letter-spacing:.8pt;text-transform:uppercase;color:#1f3a5f}
header p{margin-top:1mm;color:#3b444d}
.state{font-weight:700;padding:.3mm 2mm;border-radius:1mm;border:.6pt solid currentColor;text-transform:uppercase;
  font-size:6.6pt;letter-spacing:.5pt}
.clamp1,.clamp2,.clamp3,.roomy{display:-webkit-box;-webkit-box-orient:vertical;overflow:hidden;-webkit-line-clamp:1}
.clamp2,.dense .roomy{-webkit-line-clamp:2}.airy .roomy,.clamp3{-webkit-line-clamp:3}small.clamp2,.figure small.clamp3{display:-webkit-box}
.ask{background:#1f3a5f;color:#fff;padding:2.4mm 3.2mm;border-radius:1mm;display:flex;gap:4mm;align-items:baseline}
.ask h2{color:#c8d5e6;border:0;margin:0;padding:0;flex:none}
.ask p{font-size:11pt;line-height:1.22}
.figures{display:grid;grid-template-columns:repeat(4,1fr);gap:0;border-bottom:.6pt solid #d5d8dc;padding-bottom:2mm}
.figure{padding:0 2.6mm;border-left:.6pt solid #d5d8dc}
.figure:first-child{padding-left:0;border:0}
.figure small{display:block;font-size:6.8pt;color:#59636e}
.figure b{display:block;font-size:12pt;line-height:1.16;font-weight:600;margin:.4mm 0}
.split{display:grid;grid-template-columns:1fr 52mm;gap:5mm}
.three{display:grid;grid-template-columns:1.25fr .95fr 1.1fr;gap:5mm}
.story{display:grid;grid-template-columns:86mm 1fr;gap:5mm}
table{border-collapse:collapse;width:100%}
th{font-size:6.6pt;font-weight:400;color:#59636e;text-align:left;padding:0 1.6mm .5mm 0;white-space:nowrap}
td{padding:.75mm 1.6mm .75mm 0;vertical-align:top;border-top:.4pt solid #e1e4e7}
tr:first-child td{border-top:0}
.n{text-align:right;white-space:nowrap}
th.n,td.n{padding-left:1.6mm}
td:last-child,th:last-child{padding-right:0}
.risks td:last-child,.risks th:last-child{padding-left:3mm}
.quiet{color:#59636e}
small,.small{font-size:7pt}
.bad{color:#a3231f;font-weight:700}.good{color:#1b6140;font-weight:700}.warn{color:#8a5800;font-weight:700}
svg{display:block;width:100%}
svg text{font-size:6.2px;fill:#59636e}svg .mark{fill:#a3231f;font-weight:700}
.grid{stroke:#dfe2e5;stroke-width:.5}.curve{fill:none;stroke:#a3231f;stroke-width:1.2}.area{fill:#a3231f;opacity:.09}
.dot{fill:#a3231f}
.fixed{table-layout:fixed}
.small td{padding:.42mm 1.6mm .42mm 0}.small td:last-child{padding-right:0}
.stages{font-size:7.2pt}
.stages td,.stages th{padding:.5mm 1.2mm .35mm 0;border-top:.4pt solid #e1e4e7;white-space:nowrap;overflow:hidden;text-overflow:ellipsis}
.stages tr:first-child th{border-top:0}
.stages .segment{background:#e4e7ea;background-clip:content-box;color:#3b444d;font-size:7.2pt;padding:0 .8mm 0 0;line-height:4.8mm;text-indent:1.4mm}
.stages .segment b{font-size:8.6pt}
.stages .done{background-color:#a9b9ca;color:#1d2329}.stages .current{background-color:#1f3a5f;color:#fff}
.stages .stopped{background-color:#a3231f;color:#fff}
.role{width:17mm}
.affected{margin-top:1.4mm}
ul{list-style:none}
li{padding-left:2.6mm;text-indent:-2.6mm;margin-bottom:.5mm}
li::before{content:"–";display:inline-block;width:2.6mm;text-indent:0;color:#8a929b}
.events li{padding-left:17mm;text-indent:-17mm}
.events li::before{content:none}
.events time{display:inline-block;width:17mm;text-indent:0;color:#59636e}
footer{border-top:.6pt solid #1d2329;padding-top:1.1mm;font-size:5.9pt;line-height:1.3;color:#59636e}
footer code{font-family:"SFMono-Regular",Menlo,Consolas,"Liberation Mono",monospace;font-size:5.6pt;color:#1d2329}
.dense{font-size:7.5pt;line-height:1.25}
.dense small,.dense .small,.dense .small td{font-size:6.5pt}
.dense h1{font-size:13.5pt}.dense h1,.dense header p{-webkit-line-clamp:1}
.dense .ask{padding:1.6mm 3mm}.dense .ask p{font-size:9.5pt}
.dense .figure b{font-size:10.4pt}
.dense main{gap:1.8mm}
.dense td{padding-top:.45mm;padding-bottom:.45mm}.dense .small td{padding-top:.25mm;padding-bottom:.25mm}
.dense .stages,.dense .stages .segment{font-size:6.7pt}
.dense li{margin-bottom:.2mm}
.dense footer{font-size:5.5pt}.dense footer code{font-size:5.2pt}
`
  .trim()
  .replaceAll('\n', '')
