# Warnings, sanitizers, linker: the same for every target, switched in one place.
add_library(project_warnings INTERFACE)
target_compile_options(project_warnings INTERFACE
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror
    # Designated initialisers leave out what keeps its default; that is their point.
    -Wno-missing-field-initializers
    # GCC 12 sees overlaps in std::string operator+ that are not there (GCC bug 105651).
    -Wno-restrict)

if(COLDFRAME_SANITIZE)
    add_compile_options(-fsanitize=${COLDFRAME_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
    add_link_options(-fsanitize=${COLDFRAME_SANITIZE})
    # GCC 12 sees phantom overflows in code that a sanitizer has instrumented.
    add_compile_options(-Wno-error=maybe-uninitialized -Wno-error=restrict -Wno-error=stringop-overflow)
    if(COLDFRAME_SANITIZE MATCHES "thread")
        add_compile_options(-Wno-error=tsan)
    endif()
endif()

find_program(COLDFRAME_CCACHE ccache)
if(COLDFRAME_CCACHE)
    set(CMAKE_CXX_COMPILER_LAUNCHER ${COLDFRAME_CCACHE})
endif()
find_program(COLDFRAME_MOLD mold)
if(COLDFRAME_MOLD)
    add_link_options(-fuse-ld=mold)
endif()
