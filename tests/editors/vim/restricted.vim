" A file that may not leave.
let g:seen.before = Count(1)
call setreg('"', 'untouched')
TightlipCopy
call WaitFor('a refusal', {-> execute('messages') =~# 'tightlip: '})
let g:seen.register = getreg('"')
call cursor(1, 1)
let g:seen.actions = Actions()
