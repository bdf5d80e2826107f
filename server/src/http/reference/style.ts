/** One sheet, no font or picture from elsewhere: the page works without a network and under the strictest policy. */
export const STYLE = `
:root { color-scheme: light dark; --ink: #1b2430; --soft: #5a6675; --line: #dfe4ea; --page: #fff; --panel: #f6f8fa;
  --accent: #0b6e63; --get: #1f6feb; --post: #0b6e63; --delete: #b42318; --code: #eef1f4; }
@media (prefers-color-scheme: dark) { :root { --ink: #e4e8ed; --soft: #9aa6b4; --line: #2c343e; --page: #12161b;
  --panel: #191f26; --accent: #4fc3b2; --get: #6cb0ff; --post: #4fc3b2; --delete: #ff8b7e; --code: #222a33; } }
* { box-sizing: border-box; }
body { margin: 0; font: 16px/1.55 system-ui, sans-serif; color: var(--ink); background: var(--page); }
a { color: var(--accent); text-decoration: none; }
a:hover, a:focus-visible { text-decoration: underline; }
code, pre { font: 0.875em/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
.skip { position: absolute; left: -100vw; }
.skip:focus { left: 1rem; top: 1rem; background: var(--page); padding: 0.5rem; z-index: 2; }
.frame { display: grid; grid-template-columns: 17rem minmax(0, 1fr); max-width: 90rem; margin: 0 auto; }
nav { position: sticky; top: 0; height: 100vh; overflow-y: auto; padding: 1.5rem 1rem 3rem 1.5rem;
  border-right: 1px solid var(--line); font-size: 0.9rem; }
nav h2 { font-size: 0.75rem; text-transform: uppercase; letter-spacing: 0.06em; color: var(--soft); margin: 1.4rem 0 0.3rem; }
nav ul { list-style: none; margin: 0; padding: 0; }
nav li a { display: block; padding: 0.15rem 0; color: var(--ink); }
main { padding: 2rem 2.5rem 6rem; min-width: 0; }
h1 { margin: 0 0 0.3rem; font-size: 1.9rem; }
main > section > h2 { margin: 3rem 0 0; padding-bottom: 0.4rem; border-bottom: 2px solid var(--line); font-size: 1.4rem; }
article { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 26rem); gap: 0 2.5rem; padding: 2rem 0;
  border-bottom: 1px solid var(--line); }
article > header { grid-column: 1 / -1; }
article h3 { margin: 0; font-size: 1.15rem; }
article h4 { margin: 1.4rem 0 0.2rem; font-size: 0.8rem; text-transform: uppercase; letter-spacing: 0.05em; color: var(--soft); }
.call { margin: 0.2rem 0 0.6rem; overflow-wrap: anywhere; }
.verb { font-weight: 700; font-size: 0.8rem; margin-right: 0.5rem; }
.get { color: var(--get); } .post { color: var(--post); } .delete { color: var(--delete); }
.lead { color: var(--soft); max-width: 46rem; }
.fields { list-style: none; margin: 0; padding: 0; }
.fields > li { padding: 0.55rem 0; border-top: 1px solid var(--line); overflow-wrap: anywhere; }
.fields > li:first-child { border-top: 0; }
.fields p { margin: 0.15rem 0 0; color: var(--soft); font-size: 0.93rem; }
.type { color: var(--soft); font-size: 0.85rem; }
.required { color: var(--delete); font-size: 0.75rem; }
.nested { margin: 0.3rem 0 0 0.8rem; padding-left: 0.8rem; border-left: 2px solid var(--line); }
summary { cursor: pointer; color: var(--accent); font-size: 0.9rem; }
pre { background: var(--panel); border: 1px solid var(--line); border-radius: 6px; padding: 0.8rem; overflow-x: auto; margin: 0.3rem 0; }
:not(pre) > code { background: var(--code); border-radius: 4px; padding: 0.05em 0.3em; }
.codes code { margin: 0 0.2rem 0.2rem 0; display: inline-block; }
@media (max-width: 70rem) { article { grid-template-columns: minmax(0, 1fr); } }
@media (max-width: 48rem) { .frame { display: block; } nav { position: static; height: auto; border-right: 0;
  border-bottom: 1px solid var(--line); padding: 1rem; max-height: 40vh; } main { padding: 1.2rem 1rem 4rem; } }
@media print { nav { display: none; } .frame { display: block; } }
`
