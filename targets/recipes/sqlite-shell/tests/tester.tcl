# Says the words of SQLite's own tester.tcl with the plain Tcl binding: what its tests of SQL need.
# Commands that reach into a test build of the library are not here; files that need them are not
# run.

set testdir $env(SRC)/older/test
set failed 0
set ::testprefix {}

proc finish_test {} {}
proc set_do_not_use_codec {} {}
proc do_not_use_codec {} {}
proc forcedelete {args} { foreach file $args { file delete -force $file } }
proc reset_db {} {
  catch {db close}
  forcedelete test.db test.db-journal test.db-wal
  sqlite3 db test.db
}

# What is left out of the library is left out of the tests: nothing is, but what "!x" asks for.
proc capable {expression} { expr {[string index [string trim $expression] 0] ne "!"} }
proc ifcapable {expression yes {else ""} {no ""}} {
  if {[capable $expression]} { set code [catch {uplevel 1 $yes} result] } \
  else { set code [catch {uplevel 1 $no} result] }
  return -code $code $result
}

proc execsql {sql {database db}} { uplevel 1 [list $database eval $sql] }
proc catchsql {sql {database db}} {
  set code [catch {uplevel 1 [list $database eval $sql]} message]
  list $code $message
}
proc execsql2 {sql} {
  set result {}
  db eval $sql row { foreach column $row(*) { lappend result $column $row($column) } }
  return $result
}

proc do_test {name script expected} {
  if {[catch {uplevel #0 $script} got]} { set got "error: $got" }
  if {[regexp {^(~?)/(.*)/$} $expected - not pattern]} {
    set good [expr {[regexp $pattern $got] != [string length $not]}]
  } else {
    set good [expr {$got eq $expected || [string equal [join $got] [join $expected]]}]
  }
  if {$good} { puts "PASS $name"; return }
  set ::failed 1
  puts "FAIL $name: expected [string range $expected 0 200], got [string range $got 0 200]"
}
proc named {name} {
  if {$::testprefix ne "" && [string is digit [string index $name 0]]} {
    return $::testprefix-$name
  }
  return $name
}
proc do_execsql_test {args} {
  if {[lindex $args 0] eq "-db"} { set args [lrange $args 2 end] }
  lassign $args name sql expected
  do_test [named $name] [list execsql $sql] [list {*}$expected]
}
proc do_catchsql_test {name sql expected} {
  do_test [named $name] [list catchsql $sql] $expected
}
# Plans are the library's own affair.
proc do_eqp_test {name sql expected} {}

reset_db
