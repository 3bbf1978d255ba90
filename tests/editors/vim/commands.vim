" Every command on a file with three findings.
let s:before = getline(1, '$')
call Count(3)
call cursor(2, 10)
TightlipRedact
call Count(2)
let g:seen.one = getline(1, '$')
3TightlipCopy
call WaitFor('a line in the register', {-> getreg('"') =~# 'TL_'})
let g:seen.line = getreg('"')
call cursor(3, 10)
TightlipRedact!
call Count(0)
let g:seen.whole = getline(1, '$')
call setreg('"', '')
TightlipCopy
call WaitFor('a text in the register', {-> getreg('"') =~# 'TL_'})
let g:seen.copied = getreg('"')
TightlipRestore
call Count(3)
let g:seen.restored = getline(1, '$') == s:before
