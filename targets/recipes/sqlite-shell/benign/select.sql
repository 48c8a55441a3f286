CREATE TABLE t(a, b);
INSERT INTO t VALUES(1, 0.5), (2, 1.5);
SELECT sum(a), printf('%.2f', max(b)) FROM t;
