" One action on one finding, saved and undone.
let g:seen.before = Count(g:given.count)
let s:finding = g:seen.before[get(g:given, 'index', 0)]
call cursor(s:finding.line + 1, s:finding.column + 3)
let g:seen.actions = Actions()
TightlipRedact
let g:seen.after = Count(g:given.left)
write
let g:seen.redacted = getline(1, '$')
undo
let g:seen.undone = getline(1, '$')
call Count(g:given.count)
