struct Record { fields: Vec<i32> }
impl Record { #[inline(never)] fn field(&self, at: usize) -> i32 { self.fields[at] } }
#[inline(never)] fn parse(n: usize) -> i32 { Record { fields: vec![1, 2, 3] }.field(n) }
#[inline(never)] fn deep(n: u64) -> u64 { let pad = [n; 64]; deep(n + 1) + pad[(n % 64) as usize] }
fn main() {
    let how = std::env::args().nth(1).unwrap();
    match how.as_str() {
        "i" => println!("{}", parse(99)),
        "u" => println!("{}", how.parse::<i32>().unwrap()),
        "o" => println!("{}", deep(1)),
        "m" => { let v: Vec<u8> = Vec::with_capacity(1 << 46); println!("{}", v.capacity()) }
        _ => assert_eq!(how.len(), 7, "a record has seven fields"),
    }
}
