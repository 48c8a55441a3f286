export { type ApkOptions, apkQuery, parseApk } from './apk.ts';
