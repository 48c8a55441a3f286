export { parseProductList } from './product-list.ts';
