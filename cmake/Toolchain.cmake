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
    add_compile_options(-Wno-error=maybe-uninitialized -Wno-error=restrict -Wno-error=stringop-overflow -Wno-error=array-bounds)
    if(COLDFRAME_SANITIZE MATCHES "thread")
        add_compile_options(-Wno-error=tsan)
    endif()
endif()

# Several files of a target in one go parse the headers they share once: a third of the time for a whole
# build. A file still includes all it needs: the preset debug compiles each on its own.
option(COLDFRAME_UNITY "Compile several files of a room at once" ON)
# coldframe_unity(TARGET [FILE...]): the files named are compiled on their own, as each has a tr() of its own.
function(coldframe_unity target)
    set_target_properties(${target} PROPERTIES UNITY_BUILD ${COLDFRAME_UNITY} UNITY_BUILD_BATCH_SIZE 8)
    set_source_files_properties(${ARGN} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
endfunction()

# Rules and simulator call each other a hundred million times: as one program they are a fifth faster. Their
# objects hold both, machine code for the quick links of tests and what the compiler knew for those that ship.
function(coldframe_hot target)
    if(NOT COLDFRAME_SANITIZE)
        target_compile_options(${target} PRIVATE $<$<CONFIG:Release>:-O3;-flto;-ffat-lto-objects>)
    endif()
endfunction()
function(coldframe_whole_program target)
    if(NOT COLDFRAME_SANITIZE)
        set_target_properties(${target} PROPERTIES COLDFRAME_WHOLE_PROGRAM ON)
        target_link_options(${target} PRIVATE $<$<CONFIG:Release>:-flto=auto>)
    endif()
endfunction()
add_link_options($<$<NOT:$<BOOL:$<TARGET_PROPERTY:COLDFRAME_WHOLE_PROGRAM>>>:-fno-lto>)

find_program(COLDFRAME_CCACHE ccache)
if(COLDFRAME_CCACHE)
    # Paths count from the project's folder, so that another clone finds what this one compiled;
    # the sloppiness is what ccache needs to keep files that use a precompiled header.
    set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${PROJECT_SOURCE_DIR} CCACHE_NOHASHDIR=1
        CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime ${COLDFRAME_CCACHE})
    set(precompiled_preprocess -fpch-preprocess)
endif()

# Headers that many files of a target parse: a header each, no others than the target may include.
function(coldframe_precompile target)
    target_precompile_headers(${target} PRIVATE ${ARGN})
    target_compile_options(${target} PRIVATE ${precompiled_preprocess})
endfunction()
function(coldframe_precompile_like target other)
    target_precompile_headers(${target} REUSE_FROM ${other})
    target_compile_options(${target} PRIVATE ${precompiled_preprocess})
endfunction()
find_program(COLDFRAME_MOLD mold)
if(COLDFRAME_MOLD)
    add_link_options(-fuse-ld=mold)
endif()
