export { detectInventory, type InventoryFormat, parseInventory } from './detect.ts';
export type {
  Component,
  Inventory,
  InventoryLimits,
  InventoryRefusal,
  Note,
  NoteCode,
} from './inventory.ts';
export { inventoryLimits } from './inventory.ts';
