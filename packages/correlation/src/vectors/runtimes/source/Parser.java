package org.example;

import java.util.List;
import java.util.Objects;

public class Parser {
  static int field(List<Integer> record, int at) { return record.get(at); }
  static int parse(int at) { return field(List.of(1, 2, 3), at); }
  static int deep(int n) { return deep(n + 1) + 1; }
  public static void main(String[] args) {
    switch (args[0]) {
      case "i" -> parse(9);
      case "n" -> Objects.requireNonNull(args.length > 5 ? args : null, "no record");
      case "o" -> deep(0);
      case "m" -> { var all = new java.util.ArrayList<long[]>(); while (true) all.add(new long[1 << 20]); }
      default -> {
        try { parse(7); } catch (RuntimeException e) { throw new IllegalStateException("cannot read record", e); }
      }
    }
  }
}
