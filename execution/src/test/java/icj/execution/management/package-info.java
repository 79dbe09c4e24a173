/// Tests of the management canister.
package icj.execution.management;
