export { type Detected, detectInventory } from './detect.ts';
export type {
  Component,
  Inventory,
  InventoryFormat,
  InventoryLimits,
  InventoryRefusal,
  Note,
  NoteCode,
} from './inventory.ts';
export { inventoryFormats, inventoryLimits } from './inventory.ts';
export { type InventoryOptions, parseInventory } from './parse.ts';
