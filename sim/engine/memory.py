"""How compiled rules reach the arrays of a world: one pointer instead of fifty arrays.

A world has about fifty arrays. Handed to a rule one by one they would be some three hundred machine arguments in
every call, which makes calls slow and compilation very slow (measured: 94 s instead of 20 s). So a rule receives
one pointer to a table of addresses and lengths; ``world.partnership`` in a rule reads the table and behaves as the
array itself. Without compilation ``world.partnership`` simply is the array, so the rules read the same in both modes.
"""

from __future__ import annotations

from typing import Any, NoReturn

import numpy as np
from llvmlite import ir
from numba import from_dtype
from numba.core import cgutils, types
from numba.core.datamodel import models
from numba.core.extending import NativeValue, register_model, unbox
from numba.core.imputils import lower_getattr_generic
from numba.core.typing.templates import AttributeTemplate
from numba.core.typing.templates import infer_getattr as register_attributes
from numba.np.arrayobj import make_array, populate_array

_SLOTS = 3  # address and two lengths for every array
_layout: dict[str, tuple[int, Any]] = {}
_dtypes: dict[str, np.dtype[Any]] = {}


def define_layout(fields: dict[str, tuple[np.dtype[Any], int]]) -> None:
    """Say once, in the order of the table, which arrays a world has: name -> (dtype, dimensions)."""
    for place, (name, (dtype, dimensions)) in enumerate(fields.items()):
        _layout[name] = (place, types.Array(from_dtype(dtype), dimensions, "C"))
        _dtypes[name] = dtype


def address_table(arrays: dict[str, np.ndarray[Any, Any]]) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Addresses and lengths of the arrays, in the order of the layout. The caller keeps the arrays alive."""
    table = np.zeros(_SLOTS * len(_layout), np.int64)
    for name, (place, kind) in _layout.items():
        array = arrays[name]
        if not array.flags.c_contiguous or array.ndim != kind.ndim or array.dtype != _dtypes[name]:
            raise TypeError(f"array {name!r} of a world has the wrong type, shape or layout")
        table[_SLOTS * place] = array.ctypes.data
        table[_SLOTS * place + 1 : _SLOTS * place + 1 + array.ndim] = array.shape
    return table


class NeverCopied:
    """What holds a table of addresses: in a copy they would still be those of the arrays of the original."""

    __slots__ = ()

    def __reduce_ex__(self, protocol: Any) -> NoReturn:
        """Refuse; copy.copy, copy.deepcopy and pickle all ask here."""
        raise TypeError(
            f"a {type(self).__name__} cannot be copied or pickled: make the model anew with the same seed and "
            "replicate, and step it to the same week"
        )

    def __setstate__(self, state: Any) -> NoReturn:
        """Refuse what was pickled before."""
        self.__reduce_ex__(None)


class WorldType(types.Type):
    """Type of a world inside compiled code."""

    def __init__(self) -> None:
        super().__init__(name="World")


@register_model(WorldType)
class _WorldModel(models.PrimitiveModel):  # type: ignore[misc]
    """A pointer to the address table."""

    def __init__(self, manager: Any, kind: Any) -> None:
        super().__init__(manager, kind, ir.PointerType(ir.IntType(64)))


@unbox(WorldType)  # type: ignore[untyped-decorator]
def _unbox_world(kind: Any, instance: Any, context: Any) -> NativeValue:
    python = context.pyapi
    address = python.object_getattr_string(instance, "address")
    number = python.long_as_longlong(address)
    python.decref(address)
    pointer = context.builder.inttoptr(number, ir.PointerType(ir.IntType(64)))
    return NativeValue(pointer, is_error=cgutils.is_not_null(context.builder, python.err_occurred()))


@register_attributes
class _WorldAttributes(AttributeTemplate):  # type: ignore[misc]
    key = WorldType

    def generic_resolve(self, kind: Any, name: str) -> Any:
        return _layout[name][1] if name in _layout else None


@lower_getattr_generic(WorldType)  # type: ignore[untyped-decorator]
def _read_array(context: Any, builder: Any, kind: Any, pointer: Any, name: str) -> Any:
    """Build the array from the table; the loads never change, so the compiler may reuse them."""
    place, array_type = _layout[name]
    constant = builder.module.add_metadata([])

    def load(slot: int) -> Any:
        loaded = builder.load(builder.gep(pointer, [ir.Constant(ir.IntType(64), _SLOTS * place + slot)]))
        loaded.set_metadata("invariant.load", constant)
        return loaded

    array = make_array(array_type)(context, builder)
    size = context.get_abi_sizeof(context.get_data_type(array_type.dtype))
    itemsize = ir.Constant(ir.IntType(64), size)
    lengths = [load(1 + axis) for axis in range(array_type.ndim)]
    strides = [itemsize]
    for length in reversed(lengths[1:]):
        strides.insert(0, builder.mul(strides[0], length))
    populate_array(
        array,
        data=builder.inttoptr(load(0), context.get_data_type(array_type.dtype).as_pointer()),
        shape=cgutils.pack_array(builder, lengths),
        strides=cgutils.pack_array(builder, strides),
        itemsize=itemsize,
        meminfo=None,
    )
    return array._getvalue()
