" Which program is found.
let $VIRTUAL_ENV = g:given.venv
let $PATH = g:given.venv . '/bin:.venv/bin:' . $PATH
let s:linter = filter(copy(ale#linter#Get('python')), 'v:val.name is# "tightlip"')[0]
let g:seen.program = ale#linter#GetExecutable(bufnr(''), s:linter)
let $PATH = g:given.venv . '/bin:.venv/bin'
let g:seen.alone = ale#linter#GetExecutable(bufnr(''), s:linter)
