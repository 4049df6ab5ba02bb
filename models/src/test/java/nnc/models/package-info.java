/**
 * The models of this module from end to end: by the command line where a user would take it, and by generated code as a
 * program would call it.
 */
package nnc.models;
