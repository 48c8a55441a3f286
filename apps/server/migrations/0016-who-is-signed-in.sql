-- Pages ask who is signed in by an operation of its own, which is no error where nobody is. A role that
-- an administrator wrote by hand may call it if it might ask before.
update directory.role set permissions = array_append(permissions, 'session.current')
where 'directory.who-am-i' = any(permissions) and not 'session.current' = any(permissions);
