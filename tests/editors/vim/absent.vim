" There is no server to start.
call ale#Queue(0)
sleep 300m
execute 'edit' fnameescape(g:given.other)
call ale#Queue(0)
sleep 300m
call setline(1, 'still usable')
write
